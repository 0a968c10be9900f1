import { TOP_LIST_LENGTH, type RankedEntry, type RankedList } from '@analytica/domain';
import type { ListColumn } from './columns.js';
import type { Dictionary } from './dictionary.js';
import type { LivePosts } from './live-posts.js';
import { counted, firstInOrder } from './top.js';

/** A top list, and the uses of all its keys together. */
export interface Ranking {
  readonly list: RankedList;
  readonly uses: number;
}

/** In how many posts each key of a list column is. */
class Counts {
  /** Pairs: the posts of a key, and the row that counted it last, plus one: a key counts once a post. */
  readonly #pairs: Int32Array;
  /** Posts that have any key. */
  postsWith = 0;
  /** Keys in all posts together, repeated ones as often as they are there. */
  uses = 0;

  constructor(keys: number) {
    this.#pairs = new Int32Array(2 * keys);
  }

  addPost(row: number, column: ListColumn): void {
    const [start, end] = [column.start(row), column.end(row)];
    if (start === end) return;
    this.postsWith++;
    this.uses += end - start;
    const pairs = this.#pairs;
    const items = column.items.values;
    for (let at = start; at < end; at++) {
      const pair = 2 * (items[at] ?? 0);
      if (pairs[pair + 1] === row + 1) continue;
      pairs[pair + 1] = row + 1;
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
  }

  posts(): Int32Array {
    const posts = new Int32Array(this.#pairs.length / 2);
    for (let key = 0; key < posts.length; key++) posts[key] = this.#pairs[2 * key] ?? 0;
    return posts;
  }
}

/** The top of a list column (rule 15). `labels`, in step with its items, are the keys' spellings; else a key is its label. */
export function ranking(
  live: LivePosts,
  column: ListColumn,
  keys: Dictionary,
  labels: { at(index: number): number } | null = null,
): Ranking {
  const counts = new Counts(keys.size);
  for (let row = 0; row < live.posts.rows; row++) if (live.has(row)) counts.addPost(row, column);
  const posts = counts.posts();
  const { distinct, first } = counted(posts, TOP_LIST_LENGTH);
  const top = firstInOrder(first, TOP_LIST_LENGTH, (a, b) => (posts[b] ?? 0) - (posts[a] ?? 0) || keys.compare(a, b));
  const details = detailsOf(live, column, keys, labels, top);
  const entries = top.map((key, index): RankedEntry => {
    const { authors, uses, label } = details[index] ?? { authors: 0, uses: 0, label: key };
    return { key: keys.text(key), label: keys.text(label), posts: posts[key] ?? 0, uses, authors };
  });
  return { list: { entries, distinct, postsWith: counts.postsWith }, uses: counts.uses };
}

/** How many authors used each of some keys, how often, and the commonest label of each. */
function detailsOf(
  live: LivePosts,
  column: ListColumn,
  keys: Dictionary,
  labels: { at(index: number): number } | null,
  top: readonly number[],
): { readonly authors: number; readonly uses: number; readonly label: number }[] {
  const place = new Uint8Array(keys.size);
  for (const [index, key] of top.entries()) place[key] = index + 1;
  const authors = top.map(() => new DistinctOrdinals(live.posts.authors.size));
  const spelled = top.map(() => new Map<number, number>());
  const uses = new Int32Array(top.length);
  const items = column.items.values;
  for (let row = 0; row < live.posts.rows; row++) {
    if (!live.has(row)) continue;
    for (let at = column.start(row), end = column.end(row); at < end; at++) {
      const index = (place[items[at] ?? 0] ?? 0) - 1;
      if (index < 0) continue;
      uses[index] = (uses[index] ?? 0) + 1;
      authors[index]?.add(live.posts.author.at(row));
      if (labels !== null) count(spelled[index], labels.at(at));
    }
  }
  return top.map((key, index) => ({
    authors: authors[index]?.count ?? 0,
    uses: uses[index] ?? 0,
    label: commonest(spelled[index], keys) ?? key,
  }));
}

/** Counts different ordinals, a bit for each that there is. */
class DistinctOrdinals {
  count = 0;
  readonly #bits: Uint32Array;

  constructor(ordinals: number) {
    this.#bits = new Uint32Array((ordinals >>> 5) + 1);
  }

  add(ordinal: number): void {
    const word = this.#bits[ordinal >>> 5] ?? 0;
    const bit = 1 << (ordinal & 31);
    if ((word & bit) !== 0) return;
    this.#bits[ordinal >>> 5] = word | bit;
    this.count++;
  }
}

export function count(uses: Map<number, number> | undefined, key: number): void {
  uses?.set(key, (uses.get(key) ?? 0) + 1);
}

/** The commonest label, ties bytewise least. */
export function commonest(uses: ReadonlyMap<number, number> | undefined, texts: Dictionary): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [label, times] of uses ?? []) {
    if (best === undefined || times > most || (times === most && texts.compare(label, best) < 0)) {
      best = label;
      most = times;
    }
  }
  return best;
}
