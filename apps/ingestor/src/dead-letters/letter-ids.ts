/** Fields that name the post or the author that a record is about, or whose text it holds. */
const IDS = /"(?:id|id_str|user_id|user_id_str|author_id|did)"\s*:\s*(?:"([^"\\]{1,2048})"|(\d{1,20})(?=\s*[,}]))/g;
const RECORD_KEYS = /"rkey"\s*:\s*"([A-Za-z0-9._:~-]{1,512})"/g;
const COLLECTIONS = ['app.bsky.feed.post', 'app.bsky.feed.repost'] as const;
/** More than any record has; what names more is an attack. */
const MOST_IDS = 10_000;

/** The ids that a dead letter may be about: those of X, DIDs, and at-URIs. It may be cut off anywhere. */
export function idsOfLetter(raw: Buffer): readonly string[] {
  const text = raw.toString('utf8');
  const ids = new Set<string>();
  for (const [, quoted, number] of text.matchAll(IDS)) {
    if (ids.size >= MOST_IDS) break;
    ids.add(quoted ?? number ?? '');
  }
  const keys = [...text.matchAll(RECORD_KEYS)].slice(0, 8).map(([, key = '']) => key);
  const accounts = [...ids].filter((id) => id.startsWith('did:')).slice(0, 8);
  for (const did of accounts) {
    for (const key of keys) for (const collection of COLLECTIONS) ids.add(`at://${did}/${collection}/${key}`);
  }
  return [...ids];
}
