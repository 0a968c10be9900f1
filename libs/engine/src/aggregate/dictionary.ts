import { randomInt } from 'node:crypto';
import { IntColumn } from './columns.js';
import type { Texts } from './texts.js';

const FIRST_SLOTS = 16_384;
const FIRST_HEAP_BYTES = 65_536;
/** How many texts are looked up in one batch: what a batch touches stays in the processor's nearest cache. */
const BATCH = 128;
/** What a text's hash begins with. Not the same in two processes: nobody can prepare texts that all fall into one slot. */
const HASH_SEED = randomInt(0x7fff_ffff);

/** The ordinal where there is none. */
export const NOTHING = -1;

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ four, 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x0100_0193);
  return hash;
}

/** Mixes the prefix in, and all bits into the lower ones, of which slots are made. */
function mixed(hash: number, prefix: number): number {
  let all = Math.imul(hash ^ prefix ^ (hash >>> 16), 0x85eb_ca6b);
  all = Math.imul(all ^ (all >>> 13), 0xc2b2_ae35);
  return all ^ (all >>> 16);
}

/**
 * Numbers texts in the order in which they come first. Texts are UTF-8 bytes and stay bytes until somebody asks for one: no
 * string is made for the many that are only counted. A text may have a prefix of one byte, its name space.
 */
export class Dictionary {
  /** Pairs: an ordinal plus one, 0 where there is none, and its hash beside it, in the same line of the processor's cache. */
  #slots = new Int32Array(2 * FIRST_SLOTS);
  #heap = Buffer.allocUnsafe(FIRST_HEAP_BYTES);
  /** Where each text begins in the heap, with its prefix, and where the last ends. */
  #bounds = new IntColumn();

  constructor() {
    this.#bounds.push(0);
  }

  /** How many different texts it has. */
  get size(): number {
    return this.#bounds.length - 1;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#heap.length + this.#bounds.bytes;
  }

  /** The ordinal of a text, which becomes known if it was not. */
  intern(bytes: Uint8Array, start: number, end: number, prefix = 0): number {
    return this.#intern(bytes, start, end, mixed(hashOf(bytes, start, end), prefix), prefix);
  }

  /**
   * Gives texts their ordinals, those of unknown texts as well.
   * @param bytes - what the texts are places in.
   * @param prefixes - of each text; absent: none has any.
   */
  internAll(bytes: Uint8Array, texts: Texts, prefixes: Int32Array | null = null): void {
    for (let from = 0; from < texts.length; from += BATCH) {
      const to = Math.min(from + BATCH, texts.length);
      this.#lookAt(bytes, texts, prefixes, from, to);
      const { starts, ends, hashes, ordinals } = texts;
      for (let index = from; index < to; index++) {
        const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
        ordinals[index] =
          end < start ? NOTHING : this.#intern(bytes, start, end, hashes[index] ?? 0, prefixes?.[index] ?? 0);
      }
    }
  }

  /** The ordinal of a text, `NOTHING` if it is unknown. */
  find(bytes: Uint8Array, start: number, end: number, prefix = 0): number {
    const hash = mixed(hashOf(bytes, start, end), prefix);
    return (this.#slots[this.#slotOf(bytes, start, end, hash, prefix)] ?? 0) - 1;
  }

  /** A text without its prefix. */
  text(ordinal: number): string {
    return this.#heap.toString('utf8', this.#start(ordinal) + 1, this.#start(ordinal + 1));
  }

  prefix(ordinal: number): number {
    return this.#heap[this.#start(ordinal)] ?? 0;
  }

  /** The order of the texts' UTF-8 bytes, prefixes left aside. */
  compare(a: number, b: number): number {
    return this.#heap.compare(
      this.#heap,
      this.#start(b) + 1,
      this.#start(b + 1),
      this.#start(a) + 1,
      this.#start(a + 1),
    );
  }

  /** One that knows the same texts by the same ordinals, and learns others by itself. */
  copy(): Dictionary {
    const copy = new Dictionary();
    copy.#slots = this.#slots.slice();
    copy.#heap = Buffer.from(this.#heap);
    copy.#bounds = this.#bounds.copy();
    return copy;
  }

  #start(ordinal: number): number {
    return this.#bounds.at(ordinal);
  }

  #intern(bytes: Uint8Array, start: number, end: number, hash: number, prefix: number): number {
    const slot = this.#slotOf(bytes, start, end, hash, prefix);
    const known = (this.#slots[slot] ?? 0) - 1;
    if (known >= 0) return known;
    const ordinal = this.size;
    this.#slots[slot] = ordinal + 1;
    this.#slots[slot + 1] = hash;
    this.#append(bytes, start, end, prefix);
    if (this.size * 4 > this.#slots.length) this.#rehash();
    return ordinal;
  }

  /**
   * Hashes texts and touches what looking them up will read. A lookup by itself waits for memory three times, one wait after
   * another; here the waits of many texts overlap, because none depends on another's.
   */
  #lookAt(bytes: Uint8Array, texts: Texts, prefixes: Int32Array | null, from: number, to: number): void {
    const { starts, ends, hashes, ordinals: touched } = texts;
    for (let index = from; index < to; index++) {
      hashes[index] = mixed(hashOf(bytes, starts[index] ?? 0, ends[index] ?? 0), prefixes?.[index] ?? 0);
    }
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let index = from; index < to; index++) touched[index] = slots[((hashes[index] ?? 0) << 1) & mask] ?? 0;
    const bounds = this.#bounds.values;
    for (let index = from; index < to; index++) touched[index] = bounds[Math.max((touched[index] ?? 0) - 1, 0)] ?? 0;
    const heap = this.#heap;
    // Stored, though nobody needs it: what is not used need not be read either.
    for (let index = from; index < to; index++) touched[index] = heap[touched[index] ?? 0] ?? 0;
  }

  /** Where a text stands, or would stand. */
  #slotOf(bytes: Uint8Array, start: number, end: number, hash: number, prefix: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const ordinal = (slots[slot] ?? 0) - 1;
      if (ordinal < 0) return slot;
      if (slots[slot + 1] === hash && this.#equals(ordinal, bytes, start, end, prefix)) return slot;
    }
  }

  #equals(ordinal: number, bytes: Uint8Array, start: number, end: number, prefix: number): boolean {
    const heap = this.#heap;
    let at = this.#start(ordinal);
    if (this.#start(ordinal + 1) - at !== end - start + 1 || heap[at++] !== prefix) return false;
    for (let from = start; from < end; from++, at++) {
      if (heap[at] !== bytes[from]) return false;
    }
    return true;
  }

  #append(bytes: Uint8Array, start: number, end: number, prefix: number): void {
    let at = this.#start(this.size);
    const needed = at + 1 + end - start;
    if (needed > this.#heap.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.ceil(this.#heap.length * 1.5)));
      this.#heap.copy(grown, 0, 0, at);
      this.#heap = grown;
    }
    this.#heap[at++] = prefix;
    for (let from = start; from < end; from++) this.#heap[at++] = bytes[from] ?? 0;
    this.#bounds.push(needed);
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      const hash = old[from + 1] ?? 0;
      let slot = (hash << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[from] ?? 0;
      slots[slot + 1] = hash;
    }
    this.#slots = slots;
  }
}
