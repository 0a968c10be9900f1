import type { LivePosts } from './live-posts.js';
import { NOTHING } from './dictionary.js';
import { counted, firstInOrder } from './top.js';

function* liveRows(live: LivePosts): Generator<number> {
  for (let row = 0; row < live.posts.rows; row++) if (live.has(row)) yield row;
}

/** A page of rows in the order of rule 16: total, so that pages never overlap. */
export function newestRows(live: LivePosts, offset: number, limit: number): number[] {
  if (offset >= live.count) return [];
  const { created, id, ids, source, sources } = live.posts;
  return firstInOrder(
    liveRows(live),
    Math.min(offset + limit, live.count),
    (a, b) =>
      created.at(b) - created.at(a) || ids.compare(id.at(b), id.at(a)) || sources.compare(source.at(a), source.at(b)),
  ).slice(offset);
}

/** A retweeted post: `key` is its ordinal among the retweeted. */
export interface RetweetedKey {
  readonly key: number;
  /** Retweets that were captured. */
  readonly captured: number;
  /** The greatest number that the platform reported in them. */
  readonly reported: number | null;
}

/** A page of the most retweeted posts (rule 16), and how many there are in all. */
export function mostRetweetedKeys(
  live: LivePosts,
  offset: number,
  limit: number,
): { readonly keys: readonly RetweetedKey[]; readonly total: number } {
  const { retweetOf, reported, retweeted, sources, rows } = live.posts;
  const captured = new Int32Array(retweeted.size);
  const greatest = new Float64Array(retweeted.size).fill(Number.NEGATIVE_INFINITY);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const key = retweetOf.at(row);
    if (key === NOTHING || !live.has(row)) continue;
    if (captured[key] === 0) total++;
    captured[key] = (captured[key] ?? 0) + 1;
    if (reported.at(row) > (greatest[key] ?? 0)) greatest[key] = reported.at(row);
  }
  if (offset >= total) return { keys: [], total };
  const length = Math.min(offset + limit, total);
  const top = firstInOrder(
    counted(captured, length).first,
    length,
    (a, b) =>
      (captured[b] ?? 0) - (captured[a] ?? 0) ||
      retweeted.compare(a, b) ||
      sources.compare(retweeted.prefix(a), retweeted.prefix(b)),
  ).slice(offset);
  const keys = top.map((key) => {
    const most = greatest[key] ?? Number.NEGATIVE_INFINITY;
    return { key, captured: captured[key] ?? 0, reported: Number.isFinite(most) ? most : null };
  });
  return { keys, total };
}
