import { POST_SOURCES } from '@analytica/domain';
import type { Accounting } from '@analytica/domain/contracts';
import { countReasons } from '../dead-letters/dead-letter-reasons.js';
import { type SeenByOrigin, type SeenPosts, seenOf } from '../dedupe/seen-posts.js';
import type { LogBatch } from '../log/ingest-log.js';
import type { LogState } from '../log/log-state.js';
import type { OriginalFields } from '../originals/original-entry.js';
import { originalOf } from '../originals/prepared-originals.js';
import type { RecentOriginals } from '../originals/recent-originals.js';
import type { Source } from '../sources/source.js';
import { originalEnding, WITHOUT_ORIGINAL_BYTES } from './encode-row.js';
import { type PreparedBatch, type RecentEntry, RecordKind } from './prepared-batch.js';

/** Batches as they go into the log, and what holds once they are in. */
export interface Commit {
  readonly batch: LogBatch;
  readonly state: LogState;
  /** Stored posts by index in `POST_SOURCES`. */
  readonly storedBySource: readonly number[];
  /** Stored posts of each batch. */
  readonly storedByBatch: readonly number[];
  /** Stored posts, oldest first. */
  readonly recent: readonly RecentEntry[];
  /** Ids of posts and authors that are hidden from now on. */
  readonly hidden: readonly string[];
  /** Least and greatest `created_at` (epoch ms) of all posts in it, duplicates too; null without any. */
  readonly span: { readonly from: number; readonly to: number } | null;
}

/**
 * Leaves duplicates out, gives reposts what they have of their originals, and counts (counting.md, rules 2, 3 and 5). Marks the
 * posts as seen and notes originals: what it returns must reach the log, in this order, or the process must end.
 */
export function makeCommit(
  batches: readonly PreparedBatch[],
  before: LogState,
  { name, importName }: Pick<Source, 'name' | 'importName'>,
  seen: SeenByOrigin,
  originals: RecentOriginals,
): Commit {
  const tally = new Tally(seenOf(seen, importName), originals, before.lastSeq);
  const storedByBatch = batches.map((batch) => {
    const stored = tally.posts;
    tally.add(batch);
    return tally.posts - stored;
  });
  const last = batches.at(-1);
  const { posts, tombstones } = tally;
  return {
    batch: { chunks: tally.chunks, posts, tombstones, importName },
    state: {
      lastSeq: before.lastSeq + posts + tombstones,
      cursors: last === undefined ? before.cursors : { ...before.cursors, [name]: last.cursor },
      accounting: tally.addedTo(before.accounting),
      deadLetters: countReasons(
        before.deadLetters,
        batches.flatMap(({ deadLetters }) => deadLetters),
      ),
      arrivedAt: last?.arrivedAt ?? before.arrivedAt,
      coverage: before.coverage,
      repostsWithoutOriginal: before.repostsWithoutOriginal + tally.repostsWithoutOriginal,
    },
    storedBySource: tally.storedBySource,
    storedByBatch,
    recent: tally.recent,
    hidden: batches.flatMap(({ hidden }) => hidden),
    span: tally.to < tally.from ? null : { from: tally.from, to: tally.to },
  };
}

class Tally {
  readonly chunks: Uint8Array[] = [];
  readonly storedBySource: number[] = POST_SOURCES.map(() => 0);
  readonly recent: RecentEntry[] = [];
  posts = 0;
  tombstones = 0;
  from = Infinity;
  to = -Infinity;
  repostsWithoutOriginal = 0;
  readonly #seen: SeenPosts;
  readonly #originals: RecentOriginals;
  readonly #lastSeq: number;
  #duplicates = 0;
  #deletes = 0;
  #notPosts = 0;
  #deadLetters = 0;
  #filtered = 0;

  constructor(seen: SeenPosts, originals: RecentOriginals, lastSeq: number) {
    this.#seen = seen;
    this.#originals = originals;
    this.#lastSeq = lastSeq;
  }

  addedTo(before: Accounting): Accounting {
    const others = this.#duplicates + this.#deletes + this.#notPosts + this.#deadLetters + this.#filtered;
    return {
      received: before.received + this.posts + others,
      stored: before.stored + this.posts,
      duplicates: before.duplicates + this.#duplicates,
      deletes: before.deletes + this.#deletes,
      not_posts: before.not_posts + this.#notPosts,
      dead_letters: before.dead_letters + this.#deadLetters,
      filtered: before.filtered + this.#filtered,
      pending: 0,
    };
  }

  add(batch: PreparedBatch): void {
    this.#notPosts += batch.notPosts;
    this.#deadLetters += batch.deadLetters.length;
    this.#filtered += batch.filtered;
    const outcomes = new Outcomes();
    let keptFrom = 0;
    let start = 0;
    for (let index = 0; index < batch.ends.length; index += 1) {
      const end = batch.ends[index] ?? start;
      const isKept = this.#keep(batch, index, outcomes);
      const original = outcomes.originals.get(index);
      if (!isKept || original !== undefined) {
        const until = isKept ? end - WITHOUT_ORIGINAL_BYTES : start;
        if (until > keptFrom) this.chunks.push(batch.bytes.subarray(keptFrom, until));
        if (original !== undefined) this.chunks.push(originalEnding(original));
        keptFrom = end;
      }
      start = end;
    }
    if (start > keptFrom) this.chunks.push(batch.bytes.subarray(keptFrom, start));
    for (const { index, ...entry } of batch.recent) {
      if (outcomes.leftOut.has(index)) continue;
      const text = outcomes.originals.get(index)?.text;
      if (text !== undefined) this.recent.push({ ...entry, post: { ...entry.post, text } });
      else if (batch.kinds[index] !== RecordKind.repost) this.recent.push(entry);
    }
  }

  #keep(batch: PreparedBatch, index: number, outcomes: Outcomes): boolean {
    switch (batch.kinds[index]) {
      case RecordKind.post:
        if (!this.#keepPost(batch, index, outcomes)) return false;
        this.#noteOriginal(batch, index);
        return true;
      case RecordKind.repost:
        return this.#keepRepost(batch, index, outcomes);
      case RecordKind.delete:
        this.#deletes += 1;
        this.tombstones += 1;
        this.#noteOriginal(batch, index);
        return true;
      case RecordKind.hide:
        this.tombstones += 1;
        this.#noteOriginal(batch, index);
        return true;
      default: {
        // What a version supersedes: goes with its post, where that is a duplicate.
        const isKept = !outcomes.leftOut.has(index - 1) || outcomes.filtered.has(index - 1);
        if (isKept) this.tombstones += 1;
        return isKept;
      }
    }
  }

  #keepPost(batch: PreparedBatch, index: number, outcomes: Outcomes): boolean {
    const createdAt = batch.createdAt[index] ?? NaN;
    this.from = Math.min(this.from, createdAt);
    this.to = Math.max(this.to, createdAt);
    const high = batch.hashes[index * 2] ?? 0;
    const low = batch.hashes[index * 2 + 1] ?? 0;
    if (this.#seen.has(high, low)) {
      outcomes.leftOut.add(index);
      this.#duplicates += 1;
      return false;
    }
    this.#seen.add(high, low, batch.arrivedAt);
    this.posts += 1;
    const source = batch.sources[index] ?? 0;
    this.storedBySource[source] = (this.storedBySource[source] ?? 0) + 1;
    return true;
  }

  #keepRepost(batch: PreparedBatch, index: number, outcomes: Outcomes): boolean {
    if (batch.originals === null) throw new Error('A batch with reposts says which originals they wait for.');
    const { languages } = batch.originals;
    const original = this.#originals.find(...originalOf(batch.originals, index).hash);
    if (languages.length > 0 && !languages.includes(original?.lang ?? 'und')) {
      this.#filtered += 1;
      outcomes.leftOut.add(index);
      outcomes.filtered.add(index);
      return false;
    }
    if (!this.#keepPost(batch, index, outcomes)) return false;
    if (original === null) this.repostsWithoutOriginal += 1;
    else outcomes.originals.set(index, original);
    return true;
  }

  /** Notes a post for later reposts, or takes from them what is deleted or hidden. */
  #noteOriginal(batch: PreparedBatch, index: number): void {
    if (batch.originals === null) return;
    const { entry, hash } = originalOf(batch.originals, index);
    if (entry.length === 0) return;
    this.#originals.add(entry, this.#lastSeq + this.posts + this.tombstones, hash);
  }
}

/** What became of a batch's records, by their index. */
class Outcomes {
  /** Duplicates, and reposts that are filtered. */
  readonly leftOut = new Set<number>();
  readonly filtered = new Set<number>();
  /** What reposts have of their originals. */
  readonly originals = new Map<number, OriginalFields>();
}
