import {
  authorNumber,
  entriesIn,
  EntryKind,
  erase,
  fieldsOf,
  importOf,
  isOfAuthor,
  numberOfAuthor,
  type OriginalFields,
  readHeader,
  setSequence,
} from './original-entry.js';

const FIRST_BYTES = 64 * 1024;

/** What a chunk knows of a post: that it never had it, that nobody can have its text, or the text. */
export type Found = OriginalFields | 'too-long' | null;

/** A part of a chunk's bytes: an entry. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Entries of posts that follow one another, and of what took posts away between them, as they lie in one file, with an index by at-URI. It is
 * filled once and then only erased in.
 */
export class OriginalsChunk {
  /** The sequence of its first entry: its name. */
  readonly firstSequence: number;
  /** How many posts came before it; in this process. */
  readonly firstPost: number;
  /** How many of its bytes are in its file. */
  saved = 0;
  /** Length of its file, with the frames around the bytes. */
  fileBytes = 0;
  /** Whether its file holds what was erased since. */
  isStale = false;
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  #posts = 0;
  /** Of each post: where its entry is, its hash, its author's number, and whether it is not at hand any more. */
  readonly #starts: Uint32Array;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #authors: Uint32Array;
  readonly #gone: Uint8Array;
  /** Place of a post, plus one, by hash: open addressing. */
  readonly #slots: Uint32Array;

  /** @param maxPosts - it takes no more. */
  constructor(firstSequence: number, firstPost: number, maxPosts: number) {
    this.firstSequence = firstSequence;
    this.firstPost = firstPost;
    this.#starts = new Uint32Array(maxPosts);
    this.#high = new Uint32Array(maxPosts);
    this.#low = new Uint32Array(maxPosts);
    this.#authors = new Uint32Array(maxPosts);
    this.#gone = new Uint8Array(maxPosts);
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(maxPosts * 2)));
  }

  get posts(): number {
    return this.#posts;
  }

  get isFull(): boolean {
    return this.#posts === this.#starts.length;
  }

  /** Bytes of its entries. */
  get length(): number {
    return this.#length;
  }

  /** Memory that it holds. */
  get memoryBytes(): number {
    return this.#bytes.length + 17 * this.#starts.length + this.#slots.byteLength;
  }

  /** Its entries, `[from, to)`. A view: it holds what is erased later, too. */
  bytes(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to);
  }

  /** Adds the entry of a post, or with null that of one that was erased. */
  addPost(entry: Uint8Array, sequence: number, hash: readonly [high: number, low: number] | null): void {
    this.#index(this.#append(entry, sequence), hash);
  }

  /** Adds the entry of something that took posts away. */
  addRemoval(entry: Uint8Array, sequence: number): void {
    this.#append(entry, sequence);
  }

  /** Gives back what it reserved for more. */
  close(): void {
    if (this.#bytes.length === this.#length) return;
    const bytes = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }

  /** @param firstPost - posts before it are not at hand. */
  find(high: number, low: number, firstPost: number): Found {
    const post = (this.#slots[this.#slotOf(high, low)] ?? 0) - 1;
    if (post < 0 || this.#gone[post] === 1 || this.firstPost + post < firstPost) return null;
    const start = this.#starts[post] ?? 0;
    const header = readHeader(this.#bytes, start, this.#length);
    if (header === null) return null;
    return header.kind === EntryKind.tooLong ? 'too-long' : fieldsOf(this.#bytes, start, header.end);
  }

  /** Takes a post out of the index. @returns the entries of all its versions, which are still to be erased. */
  forget(high: number, low: number): Place[] {
    if (this.#slots[this.#slotOf(high, low)] === 0) return [];
    return this.#forgetWhere((post) => this.#high[post] === high && this.#low[post] === low);
  }

  /** As `forget`, for the posts of an author. */
  forgetAuthor(did: string): Place[] {
    const author = numberOfAuthor(did);
    return this.#forgetWhere(
      (post) => this.#authors[post] === author && isOfAuthor(this.#bytes, this.#starts[post] ?? 0, did),
    );
  }

  /** As `forget`, for the posts of an import. */
  forgetImport(name: string): Place[] {
    return this.#forgetWhere((post) => importOf(this.#bytes, this.#starts[post] ?? 0) === name);
  }

  /** Overwrites entries. */
  erase(places: readonly Place[]): void {
    for (const { start, end } of places) {
      erase(this.#bytes, start, end);
      if (start < this.saved) this.isStale = true;
    }
  }

  /** Where the first entry begins whose row is behind `sequence` in the log. */
  endOf(sequence: number): number {
    let end = this.saved;
    for (const entry of entriesIn(this.#bytes, this.saved, this.#length)) {
      if (entry.sequence > sequence) break;
      end = entry.end;
    }
    return end;
  }

  #append(entry: Uint8Array, sequence: number): number {
    const start = this.#length;
    this.#reserve(entry.length);
    this.#bytes.set(entry, start);
    setSequence(this.#bytes, start, sequence);
    this.#length += entry.length;
    return start;
  }

  #forgetWhere(isMeant: (post: number) => boolean): Place[] {
    const places: Place[] = [];
    for (let post = 0; post < this.#posts; post += 1) {
      if (this.#gone[post] === 1 || !isMeant(post)) continue;
      this.#gone[post] = 1;
      const start = this.#starts[post] ?? 0;
      const header = readHeader(this.#bytes, start, this.#length);
      if (header !== null) places.push({ start, end: header.end });
    }
    return places;
  }

  /** @param hash - null where the post was erased. */
  #index(start: number, hash: readonly [number, number] | null): void {
    const post = this.#posts;
    this.#posts += 1;
    this.#starts[post] = start;
    if (hash === null) {
      this.#gone[post] = 1;
      return;
    }
    const [high, low] = hash;
    this.#high[post] = high;
    this.#low[post] = low;
    this.#authors[post] = authorNumber(this.#bytes, start);
    this.#slots[this.#slotOf(high, low)] = post + 1;
  }

  /** The slot of a post, or the free one where it would go. A forgotten post keeps its slot. */
  #slotOf(high: number, low: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const post = (this.#slots[slot] ?? 0) - 1;
      if (post < 0 || (this.#high[post] === high && this.#low[post] === low)) return slot;
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const next = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(next, 0, 0, this.#length);
    this.#bytes = next;
  }
}
