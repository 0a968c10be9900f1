import type { DisplayPost, PostSource, RetweetedPost } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { fetchStored, type StoredPost } from './display-rows.js';
import type { MatchedSet } from './matched-set.js';
import type { ScanFile } from './partitions.js';
import type { Session } from './session.js';
import { asNumber, asText, numberOrNull } from './values.js';

const SNOWFLAKE_EPOCH = 1_288_834_974_657n;
/** Smaller ids are older than snowflakes (rule 4). */
const FIRST_SNOWFLAKE = 2n ** 22n * 10_000n;

interface Retweeted {
  readonly source: PostSource;
  readonly retweetOf: string;
  readonly captured: number;
  readonly reported: number | null;
}

function keyOf(source: string, id: string): string {
  return `${source} ${id}`;
}

/** Platforms state times in whole seconds at one place and in milliseconds at another. */
function withWholeSecond(ms: number): number[] {
  return [ms, Math.floor(ms / 1000) * 1000];
}

/** The instants at which an id of that form can have been created. */
export function snowflakeInstants(source: string, id: string): number[] {
  if (source === 'bluesky' || !/^\d{1,19}$/.test(id)) return [];
  const value = BigInt(id);
  return value > FIRST_SNOWFLAKE ? withWholeSecond(Number((value >> 22n) + SNOWFLAKE_EPOCH)) : [];
}

/** Whether `a` counts instead of `b` among rows of one id, each the first stored of its version (rule 3). */
function wins(a: StoredPost, b: StoredPost): boolean {
  if (a.created !== b.created) return a.created > b.created;
  return Buffer.compare(Buffer.from(a.version ?? ''), Buffer.from(b.version ?? '')) > 0;
}

function storedEarlier(a: StoredPost, b: StoredPost): boolean {
  return (a.ingested - b.ingested || a.order - b.order || a.fileRow - b.fileRow) < 0;
}

/** Of all captured rows the one that counts for each id. */
function winners(rows: readonly StoredPost[]): Map<string, StoredPost> {
  const firsts = new Map<string, StoredPost>();
  for (const row of rows) {
    const version = JSON.stringify([row.post.source, row.post.id, row.version]);
    const known = firsts.get(version);
    if (known === undefined || storedEarlier(row, known)) firsts.set(version, row);
  }
  const best = new Map<string, StoredPost>();
  for (const row of firsts.values()) {
    const key = keyOf(row.post.source, row.post.id);
    const known = best.get(key);
    if (known === undefined || wins(row, known)) best.set(key, row);
  }
  return best;
}

/** The most retweeted posts of a settled set (rule 16), a page of them, and how many there are. */
export async function mostRetweeted(
  session: Session,
  snapshot: Snapshot,
  set: MatchedSet,
  files: readonly ScanFile[],
  offset: number,
  limit: number,
): Promise<{ readonly posts: readonly RetweetedPost[]; readonly total: number }> {
  const rows = await session.rows(`
    WITH counted AS (
      SELECT source, retweet_of, count(*) AS captured, max(reported) AS reported FROM ${set.live}
      WHERE retweet_of IS NOT NULL GROUP BY source, retweet_of
    )
    SELECT source, retweet_of, captured, reported, (SELECT count(*) FROM counted) FROM counted
    ORDER BY captured DESC, retweet_of, source LIMIT ${String(limit)} OFFSET ${String(offset)}`);
  const top = rows.map((row): Retweeted => ({
    source: asText(row[0]) as PostSource,
    retweetOf: asText(row[1]),
    captured: Number(row[2]),
    reported: numberOrNull(row[3]),
  }));
  if (top.length === 0) return { posts: [], total: offset === 0 ? 0 : await countRetweeted(session, set) };
  if (files.length === 0) return { posts: [], total: Number(rows[0]?.[4] ?? 0) };
  const originals = await findOriginals(session, snapshot, set, files, top);
  const missing = top.filter(({ source, retweetOf }) => !originals.has(keyOf(source, retweetOf)));
  const told = await newestRetweets(session, snapshot, set, files, missing);
  const posts = top.flatMap(({ source, retweetOf, captured, reported }) => {
    const key = keyOf(source, retweetOf);
    const post = originals.get(key) ?? told.get(key);
    return post === undefined
      ? []
      : [{ retweetOf, source, capturedRetweets: captured, reportedRetweets: reported, post }];
  });
  return { posts, total: Number(rows[0]?.[4] ?? 0) };
}

async function countRetweeted(session: Session, set: MatchedSet): Promise<number> {
  const [row] = await session.rows(
    `SELECT count(*) FROM (SELECT DISTINCT source, retweet_of FROM ${set.live} WHERE retweet_of IS NOT NULL)`,
  );
  return Number(row?.[0] ?? 0);
}

/** The originals that were captured, in the interval or not, and not deleted. */
async function findOriginals(
  session: Session,
  snapshot: Snapshot,
  set: MatchedSet,
  files: readonly ScanFile[],
  top: readonly Retweeted[],
): Promise<Map<string, DisplayPost>> {
  const ids = top.map(({ retweetOf }) => retweetOf);
  const stated = await session.rows(
    `SELECT DISTINCT source, retweet_of, retweet_of_created FROM ${set.live}
     WHERE retweet_of IN (SELECT unnest(?)) AND retweet_of_created IS NOT NULL`,
    [ids],
  );
  const times = Map.groupBy(stated, (row) => keyOf(asText(row[0]), asText(row[1])));
  const instants = new Set<number>();
  const timeless: string[] = [];
  for (const { source, retweetOf } of top) {
    const known = [
      ...(times.get(keyOf(source, retweetOf)) ?? []).flatMap((row) => withWholeSecond(Number(row[2]))),
      ...snowflakeInstants(source, retweetOf),
    ];
    for (const at of known) instants.add(at);
    if (known.length === 0) timeless.push(retweetOf);
  }
  const found = [
    ...(await fetchStored(session, snapshot, files, [...instants], ids)),
    ...(await fetchStored(session, snapshot, files, null, timeless)),
  ];
  const best = winners(found);
  const tombstones = await session.rows('SELECT source, id, before FROM tombstones WHERE id IN (SELECT unnest(?))', [
    ids,
  ]);
  for (const [source, id, before] of tombstones) {
    const key = keyOf(asText(source), asText(id));
    const row = best.get(key);
    if (row !== undefined && (before === null || row.created < Number(before))) best.delete(key);
  }
  return new Map([...best].map(([key, { post }]) => [key, post]));
}

/** What the newest captured retweet says of an original that was not captured. */
async function newestRetweets(
  session: Session,
  snapshot: Snapshot,
  set: MatchedSet,
  files: readonly ScanFile[],
  missing: readonly Retweeted[],
): Promise<Map<string, DisplayPost>> {
  if (missing.length === 0) return new Map();
  const rows = await session.rows(
    `SELECT source, retweet_of, file, file_row, created, id FROM ${set.live} WHERE retweet_of IN (SELECT unnest(?))
     QUALIFY row_number() OVER (PARTITION BY source, retweet_of ORDER BY created DESC, id DESC) = 1`,
    [missing.map(({ retweetOf }) => retweetOf)],
  );
  const wanted = new Set(rows.map((row) => Number(row[2])));
  const stored = await fetchStored(
    session,
    snapshot,
    files.filter(({ order }) => wanted.has(order)),
    [...new Set(rows.map((row) => Number(row[4])))],
    rows.map((row) => asText(row[5])),
  );
  const byPlace = new Map(stored.map((row) => [`${String(row.order)}:${String(row.fileRow)}`, row.post]));
  return new Map(
    rows.flatMap((row): [string, DisplayPost][] => {
      const retweet = byPlace.get(`${String(asNumber(row[2]))}:${String(asNumber(row[3]))}`);
      return retweet === undefined ? [] : [[keyOf(asText(row[0]), asText(row[1])), originalAsTold(retweet)]];
    }),
  );
}

/** A retweet carries its original's text and entities (rule 5), and the platform's count of its retweets. */
function originalAsTold(retweet: DisplayPost): DisplayPost {
  return {
    ...retweet,
    id: retweet.retweet_of ?? retweet.id,
    created_at: retweet.retweet_of_created_at ?? retweet.created_at,
    author_id: retweet.retweet_of_author_id ?? '',
    author_username: retweet.retweet_of_author_username,
    retweet_of: null,
    retweet_of_author_id: null,
    retweet_of_author_username: null,
    retweet_of_created_at: null,
    quote_of: null,
    reply_to: null,
    reply_count: null,
    like_count: null,
    quote_count: null,
  };
}
