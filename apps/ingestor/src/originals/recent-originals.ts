import type { IdentityHash } from '../dedupe/identity-hash.js';
import { entriesIn, EntryKind, isRemoval, keyOf, kindOf, type OriginalFields } from './original-entry.js';
import { OriginalsChunk, type Place } from './originals-chunk.js';

type Hash = readonly [high: number, low: number];

export interface OriginalsLimits {
  /** Posts that are at hand. */
  readonly posts: number;
  /** Bytes of all entries, about; older posts go. */
  readonly bytes: number;
  /** What a chunk, and so a file, takes. */
  readonly chunkPosts: number;
  readonly chunkBytes: number;
}

const MIB = 1024 * 1024;
/** Rule 5 of docs/counting.md. */
export const ORIGINALS_LIMITS: OriginalsLimits = {
  posts: 500_000,
  bytes: 512 * MIB,
  chunkPosts: 25_000,
  chunkBytes: 32 * MIB,
};

/** What is still to be done to files, once the log's records up to `sequence` are in them. */
interface Later {
  readonly sequence: number;
  readonly chunk: OriginalsChunk;
  /** Entries to erase; null: the chunk is to be deleted. */
  readonly places: readonly Place[] | null;
}

/**
 * The last Bluesky posts in the order of the log, for the reposts that come after them (docs/counting.md, rule 5). Whoever commits
 * batches tells it of each record in that order. What it holds follows from that order alone: it is the same after a restart.
 */
export class RecentOriginals {
  readonly #limits: OriginalsLimits;
  readonly #hash: IdentityHash;
  #chunks: OriginalsChunk[] = [];
  #later: Later[] = [];
  /** Posts since the process started, and bytes of the entries at hand. */
  #posts = 0;
  #bytes = 0;

  /** @param hash - the one by which records name posts: of source and at-URI, without a version. */
  constructor(hash: IdentityHash, limits: OriginalsLimits = ORIGINALS_LIMITS) {
    this.#hash = hash;
    this.#limits = limits;
  }

  /** How many posts it holds, those that are erased or too long among them. */
  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.posts, 0);
  }

  get memoryBytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.memoryBytes, 0);
  }

  /** Chunks that have, or are to have, a file; oldest first. Some may not be at hand any more: `settle` tells. */
  get chunks(): readonly OriginalsChunk[] {
    const dropped = this.#later.flatMap(({ chunk, places }) => (places === null ? [chunk] : []));
    return [...dropped, ...this.#chunks];
  }

  /**
   * A record was logged that has an entry: `postEntry` of a stored post, `removalEntry` of a row that takes posts away.
   * @param sequence - its place in the log.
   * @param hash - of the post that it is about.
   */
  add(entry: Buffer, sequence: number, hash: Hash): void {
    if (isRemoval(kindOf(entry))) {
      const before = this.#later.length;
      this.#remove(entry, 0, sequence, hash);
      // What took nothing away is not kept.
      if (this.#later.length === before) return;
      this.#chunkFor(entry.length, sequence).addRemoval(entry, sequence);
    } else {
      this.#chunkFor(entry.length, sequence).addPost(entry, sequence, hash);
      this.#posts += 1;
    }
    this.#bytes += entry.length;
    this.#drop(sequence);
  }

  /** The original that a repost has, which is the next record; null where it is not at hand. */
  find(high: number, low: number): OriginalFields | null {
    const firstPost = this.#posts - this.#limits.posts;
    for (let index = this.#chunks.length - 1; index >= 0; index -= 1) {
      const found = this.#chunks[index]?.find(high, low, firstPost) ?? null;
      if (found === 'too-long') return null;
      if (found !== null) return found;
    }
    return null;
  }

  /** Takes the posts of an import away, whatever their place in the log. */
  forgetImport(name: string): void {
    for (const chunk of this.#chunks) this.#eraseLater(0, chunk, chunk.forgetImport(name));
  }

  /** Erases what the log's records up to `sequence` took away, in memory. @returns chunks whose files may go. */
  settle(sequence: number): OriginalsChunk[] {
    const due = this.#later.filter((each) => each.sequence <= sequence);
    if (due.length === 0) return [];
    this.#later = this.#later.filter((each) => each.sequence > sequence);
    for (const { chunk, places } of due) if (places !== null) chunk.erase(places);
    return due.flatMap(({ chunk, places }) => (places === null ? [chunk] : []));
  }

  /** Takes over a file's content: the chunks are given oldest first, before any record is added. */
  load(firstSequence: number, content: Buffer): OriginalsChunk {
    const chunk = new OriginalsChunk(firstSequence, this.#posts, Math.max(this.#limits.chunkPosts, postsIn(content)));
    this.#chunks.at(-1)?.close();
    this.#chunks.push(chunk);
    for (const { start, end, kind, sequence } of entriesIn(content, 0, content.length)) {
      const entry = content.subarray(start, end);
      const hash = kind === EntryKind.erased ? null : this.#hash('bluesky', keyOf(content, start), null);
      if (isRemoval(kind)) {
        chunk.addRemoval(entry, sequence);
        if (hash !== null) this.#remove(content, start, sequence, hash);
      } else {
        chunk.addPost(entry, sequence, hash);
        this.#posts += 1;
      }
    }
    this.#bytes += chunk.length;
    this.#drop(0);
    return chunk;
  }

  #remove(bytes: Buffer, start: number, sequence: number, [high, low]: Hash): void {
    const isOfAuthor = kindOf(bytes, start) === EntryKind.author;
    const did = isOfAuthor ? keyOf(bytes, start) : '';
    for (const chunk of this.#chunks) {
      this.#eraseLater(sequence, chunk, isOfAuthor ? chunk.forgetAuthor(did) : chunk.forget(high, low));
    }
  }

  #eraseLater(sequence: number, chunk: OriginalsChunk, places: readonly Place[]): void {
    if (places.length > 0) this.#later.push({ sequence, chunk, places });
  }

  #chunkFor(bytes: number, sequence: number): OriginalsChunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && !last.isFull && (last.length === 0 || last.length + bytes <= this.#limits.chunkBytes)) {
      return last;
    }
    last?.close();
    const chunk = new OriginalsChunk(sequence, this.#posts, this.#limits.chunkPosts);
    this.#chunks.push(chunk);
    return chunk;
  }

  /** Lets the oldest chunks go while none of their posts is at hand, or all take up too much. */
  #drop(sequence: number): void {
    for (
      let [first, second] = this.#chunks;
      first !== undefined && second !== undefined;
      [first, second] = this.#chunks
    ) {
      if (second.firstPost > this.#posts - this.#limits.posts && this.#bytes <= this.#limits.bytes) return;
      this.#bytes -= first.length;
      this.#chunks.shift();
      this.#later.push({ sequence, chunk: first, places: null });
    }
  }
}

function postsIn(content: Buffer): number {
  let posts = 0;
  for (const { kind } of entriesIn(content, 0, content.length)) if (!isRemoval(kind)) posts += 1;
  return posts;
}
