import { randomInt } from 'node:crypto';
import { IntColumn } from './columns.js';

const FIRST_SLOTS = 16_384;
const FIRST_HEAP_BYTES = 65_536;
/** What a text's hash begins with. Not the same in two processes: nobody can prepare texts that all fall into one slot. */
export const HASH_SEED = randomInt(0x7fff_ffff);

/** The hash of a text and one more byte, for those who look at each byte anyway. */
export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x0100_0193);
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let at = start; at < end; at++) hash = hashStep(hash, bytes[at] ?? 0);
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
  /** Where each text ends in the heap; it begins with its prefix. */
  #ends = new IntColumn();

  /** How many different texts it has. */
  get size(): number {
    return this.#ends.length;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#heap.length + this.#ends.bytes;
  }

  /** The ordinal of a text, which becomes known if it was not. */
  intern(bytes: Uint8Array, start: number, end: number, prefix = 0): number {
    return this.internHashed(bytes, start, end, hashOf(bytes, start, end), prefix);
  }

  /** The same, where the hash of the bytes is known (`HASH_SEED`, then a `hashStep` each). */
  internHashed(bytes: Uint8Array, start: number, end: number, bytesHash: number, prefix: number): number {
    const hash = mixed(bytesHash, prefix);
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

  /** The ordinal of a text, -1 if it is unknown. */
  find(bytes: Uint8Array, start: number, end: number, prefix = 0): number {
    const hash = mixed(hashOf(bytes, start, end), prefix);
    return (this.#slots[this.#slotOf(bytes, start, end, hash, prefix)] ?? 0) - 1;
  }

  /** A text without its prefix. */
  text(ordinal: number): string {
    return this.#heap.toString('utf8', this.#start(ordinal) + 1, this.#ends.at(ordinal));
  }

  prefix(ordinal: number): number {
    return this.#heap[this.#start(ordinal)] ?? 0;
  }

  /** The order of the texts' UTF-8 bytes, prefixes left aside. */
  compare(a: number, b: number): number {
    return this.#heap.compare(this.#heap, this.#start(b) + 1, this.#ends.at(b), this.#start(a) + 1, this.#ends.at(a));
  }

  /** One that knows the same texts by the same ordinals, and learns others by itself. */
  copy(): Dictionary {
    const copy = new Dictionary();
    copy.#slots = this.#slots.slice();
    copy.#heap = Buffer.from(this.#heap);
    copy.#ends = this.#ends.copy();
    return copy;
  }

  #start(ordinal: number): number {
    return ordinal === 0 ? 0 : this.#ends.at(ordinal - 1);
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
    if (this.#ends.at(ordinal) - at !== end - start + 1 || heap[at++] !== prefix) return false;
    for (let from = start; from < end; from++, at++) {
      if (heap[at] !== bytes[from]) return false;
    }
    return true;
  }

  #append(bytes: Uint8Array, start: number, end: number, prefix: number): void {
    let at = this.size === 0 ? 0 : this.#ends.at(this.size - 1);
    const needed = at + 1 + end - start;
    if (needed > this.#heap.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.ceil(this.#heap.length * 1.5)));
      this.#heap.copy(grown, 0, 0, at);
      this.#heap = grown;
    }
    this.#heap[at++] = prefix;
    for (let from = start; from < end; from++) this.#heap[at++] = bytes[from] ?? 0;
    this.#ends.push(needed);
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
