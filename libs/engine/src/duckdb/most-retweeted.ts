import {
  type DisplayPost,
  originalFromRetweet,
  type PostSource,
  type RetweetedPost,
  SECOND_MS,
  snowflakeTime,
} from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { Dictionary, NOTHING } from '../aggregate/dictionary.js';
import type { Hiding, LivePosts } from '../aggregate/live-posts.js';
import { mostRetweetedKeys } from '../aggregate/orders.js';
import { winnerOf } from '../aggregate/versions.js';
import { fetchStored, type StoredPost } from './display-rows.js';
import { storedRows } from './newest-posts.js';
import type { ScanFile } from '../partitions.js';
import type { EngineConnection } from './connection.js';

interface Retweeted {
  /** Its ordinal among the retweeted. */
  readonly key: number;
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
  return [ms, Math.floor(ms / SECOND_MS) * SECOND_MS];
}

/** The instants at which an id of that form can have been created. */
export function snowflakeInstants(source: string, id: string): number[] {
  if (source === 'bluesky' || !/^\d{1,19}$/.test(id)) return [];
  const time = snowflakeTime(id);
  return time === null ? [] : withWholeSecond(time);
}

/** Of all captured rows the one that counts for each id. */
function winners(rows: readonly StoredPost[]): Map<string, StoredPost> {
  const groups = new Map<string, StoredPost[]>();
  for (const row of rows) {
    const key = keyOf(row.post.source, row.post.id);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return new Map(
    [...groups].flatMap(([key, group]): [string, StoredPost][] => {
      const winner = winnerOf(group);
      return winner === undefined ? [] : [[key, winner]];
    }),
  );
}

/** The most retweeted posts of a matched set (rule 16), a page of them, and how many there are. */
export async function mostRetweeted(
  connection: EngineConnection,
  snapshot: Snapshot,
  live: LivePosts,
  tombstones: Hiding,
  files: readonly ScanFile[],
  offset: number,
  limit: number,
): Promise<{ readonly posts: readonly RetweetedPost[]; readonly total: number }> {
  const { keys, total } = mostRetweetedKeys(live, offset, limit);
  if (keys.length === 0 || files.length === 0) return { posts: [], total };
  const { retweeted, sources } = live.posts;
  const top = keys.map(({ key, captured, reported }): Retweeted => ({
    key,
    source: sources.text(retweeted.prefix(key)) as PostSource,
    retweetOf: retweeted.text(key),
    captured,
    reported,
  }));
  const originals = await findOriginals(connection, snapshot, live, tombstones, files, top);
  const missing = top.filter(({ source, retweetOf }) => !originals.has(keyOf(source, retweetOf)));
  const told = await newestRetweets(connection, snapshot, live, files, missing);
  const posts = top.flatMap(({ key, source, retweetOf, captured, reported }) => {
    const post = originals.get(keyOf(source, retweetOf)) ?? told.get(key);
    return post === undefined
      ? []
      : [{ retweetOf, source, capturedRetweets: captured, reportedRetweets: reported, post }];
  });
  return { posts, total };
}

/** The originals that were captured, in the interval or not, and not deleted. */
async function findOriginals(
  connection: EngineConnection,
  snapshot: Snapshot,
  live: LivePosts,
  tombstones: Hiding,
  files: readonly ScanFile[],
  top: readonly Retweeted[],
): Promise<Map<string, DisplayPost>> {
  const stated = statedInstants(live, new Set(top.map(({ key }) => key)));
  const instants = new Set<number>();
  const timeless: string[] = [];
  for (const { key, source, retweetOf } of top) {
    const known = [...[...(stated.get(key) ?? [])].flatMap(withWholeSecond), ...snowflakeInstants(source, retweetOf)];
    for (const at of known) instants.add(at);
    if (known.length === 0) timeless.push(retweetOf);
  }
  const ids = top.map(({ retweetOf }) => retweetOf);
  const found = [
    ...(await fetchStored(connection, snapshot, files, [...instants], ids)),
    ...(await fetchStored(connection, snapshot, files, null, timeless)),
  ];
  const best = winners(found);
  dropDeleted(best, tombstones);
  return new Map([...best].map(([key, { post }]) => [key, post]));
}

/** When the originals of some retweeted posts were created, by what their retweets say. */
function statedInstants(live: LivePosts, keys: ReadonlySet<number>): Map<number, Set<number>> {
  const { retweetOf, retweetOfCreated, rows } = live.posts;
  const instants = new Map<number, Set<number>>();
  for (let row = 0; row < rows; row++) {
    const key = retweetOf.at(row);
    const at = retweetOfCreated.at(row);
    if (key === NOTHING || Number.isNaN(at) || !live.has(row) || !keys.has(key)) continue;
    const own = instants.get(key);
    if (own === undefined) instants.set(key, new Set([at]));
    else own.add(at);
  }
  return instants;
}

function dropDeleted(found: Map<string, StoredPost>, hiding: Hiding): void {
  if (found.size === 0) return;
  const [ids, authors] = [new Dictionary(), new Dictionary()];
  for (const { post } of found.values()) {
    const [id, author] = [Buffer.from(post.id), Buffer.from(post.author_id)];
    ids.intern(id, 0, id.length);
    authors.intern(author, 0, author.length);
  }
  for (const { source, bytes, start, end, before } of hiding.posts()) {
    const ordinal = ids.find(bytes, start, end);
    if (ordinal === NOTHING) continue;
    const key = keyOf(source, ids.text(ordinal));
    const row = found.get(key);
    if (row !== undefined && (Number.isNaN(before) || row.created < before)) found.delete(key);
  }
  const hiddenUntil = new Map<string, number>();
  for (const { source, bytes, start, end, until } of hiding.authors()) {
    const ordinal = authors.find(bytes, start, end);
    if (ordinal !== NOTHING) hiddenUntil.set(keyOf(source, authors.text(ordinal)), until);
  }
  if (hiddenUntil.size === 0) return;
  for (const [key, { post, created }] of found) {
    if (created <= (hiddenUntil.get(keyOf(post.source, post.author_id)) ?? -Infinity)) found.delete(key);
  }
}

/** What the newest captured retweet says of an original that was not captured, by its ordinal among the retweeted. */
async function newestRetweets(
  connection: EngineConnection,
  snapshot: Snapshot,
  live: LivePosts,
  files: readonly ScanFile[],
  missing: readonly Retweeted[],
): Promise<Map<number, DisplayPost>> {
  if (missing.length === 0) return new Map();
  const { retweetOf, created, id, ids, rows } = live.posts;
  const wanted = new Set(missing.map(({ key }) => key));
  const newest = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const key = retweetOf.at(row);
    if (key === NOTHING || !wanted.has(key) || !live.has(row)) continue;
    const other = newest.get(key);
    const later =
      other === undefined || (created.at(row) - created.at(other) || ids.compare(id.at(row), id.at(other))) > 0;
    if (later) newest.set(key, row);
  }
  const stored = await storedRows(connection, snapshot, live, files, [...newest.values()]);
  return new Map(
    [...newest].flatMap(([key, row]): [number, DisplayPost][] => {
      const retweet = stored.get(row);
      return retweet === undefined ? [] : [[key, originalFromRetweet(retweet)]];
    }),
  );
}
