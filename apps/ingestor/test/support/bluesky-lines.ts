const T0 = Date.UTC(2026, 2, 1, 10);

export const POSTS = 'app.bsky.feed.post';
export const REPOSTS = 'app.bsky.feed.repost';

interface Commit {
  readonly did: string;
  readonly collection?: string;
  readonly rkey: string;
  readonly operation?: string;
  readonly cid?: string;
  readonly record?: Readonly<Record<string, unknown>>;
  /** Milliseconds after the first. */
  readonly at?: number;
}

export function postUri(did: string, rkey: string): string {
  return `at://${did}/${POSTS}/${rkey}`;
}

/** A Jetstream event of a record. */
export function blueskyEvent(commit: Commit): string {
  const { did, collection = POSTS, rkey, operation = 'create', cid = 'c1', record, at = 0 } = commit;
  const isDelete = operation === 'delete';
  return JSON.stringify({
    did,
    time_us: (T0 + at) * 1000,
    kind: 'commit',
    commit: { operation, collection, rkey, ...(isDelete ? {} : { cid, record: { $type: collection, ...record } }) },
  });
}

export function blueskyRepost(did: string, rkey: string, uri: string, more: Partial<Commit> = {}): string {
  return blueskyEvent({ did, rkey, collection: REPOSTS, record: { subject: { uri, cid: 'c1' } }, ...more });
}

/** A Bluesky post with something for every column that a repost takes from it. */
export function blueskyPost(did: string, rkey: string, text: string, more: Partial<Commit> = {}): string {
  const tagged = `${text} #Tag@ @bob.bsky.social`;
  const start = Buffer.byteLength(`${text} `);
  const facet = (type: string, from: number, to: number, fields = {}): unknown => ({
    index: { byteStart: from, byteEnd: to },
    features: [{ $type: `app.bsky.richtext.facet#${type}`, ...fields }],
  });
  const record = {
    text: tagged,
    langs: ['it-IT'],
    tags: ['Other'],
    facets: [
      facet('tag', start, start + 4),
      facet('mention', start + 6, start + 22),
      facet('link', 0, 1, { uri: `https://www.example.org/${rkey}` }),
    ],
  };
  return blueskyEvent({ did, rkey, record, ...more });
}

/**
 * Posts, updates, deletes and reposts, of which some come before their original, or after its delete; a few lines come twice.
 * @param next - a generator of numbers in [0, 1).
 */
export function blueskyLines(count: number, next: () => number): string[] {
  const below = (limit: number): number => Math.floor(next() * limit);
  const posts: { readonly did: string; readonly rkey: string; cid: number }[] = [];
  const lines: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const dice = next();
    const known = posts[below(posts.length)];
    const [did, rkey, at] = [`did:plc:${String(below(200))}`, `r${String(n)}`, n];
    if (dice < 0.4 || known === undefined) {
      const text = `è il post ${String(n)} ${['東京', '😀', 'caffè', ''][below(4)] ?? ''}`;
      lines.push(blueskyPost(did, rkey, text, { at }));
      posts.push({ did, rkey, cid: 1 });
    } else if (dice < 0.45) {
      known.cid += 1;
      const update = { operation: 'update', cid: `c${String(known.cid)}`, at };
      lines.push(blueskyPost(known.did, known.rkey, `rivisto ${String(n)}`, update));
    } else if (dice < 0.5) {
      lines.push(blueskyEvent({ did: known.did, rkey: known.rkey, operation: 'delete', at }));
    } else if (dice < 0.55) {
      lines.push(lines[below(lines.length)] ?? '');
    } else {
      // Posts that come later, or never, among them.
      const later = postUri(did, `r${String(n + below(60))}`);
      lines.push(blueskyRepost(did, rkey, dice < 0.6 ? later : postUri(known.did, known.rkey), { at }));
    }
  }
  return lines;
}
