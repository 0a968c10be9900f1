const SHARDS = 64;
const FIRST_SLOTS = 256;
const MAX_LOAD = 0.8;

/**
 * A set of 64-bit hashes: open addressing, 8 bytes a slot, in 64 tables that grow one at a time, so that growth never holds the
 * whole set twice. At most 20 bytes a hash once full, plus one table's copy while it grows.
 */
export class HashTable {
  readonly #tables: Uint32Array[] = [];
  readonly #counts = new Uint32Array(SHARDS);

  constructor() {
    for (let shard = 0; shard < SHARDS; shard += 1) this.#tables.push(new Uint32Array(FIRST_SLOTS * 2));
  }

  get size(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  get bytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.byteLength, 0);
  }

  has(high: number, low: number): boolean {
    const table = this.#tables[high % SHARDS] as Uint32Array;
    return table[find(table, high, low) + 1] !== 0;
  }

  /** `low` must not be 0: that marks a free slot. */
  add(high: number, low: number): void {
    const shard = high % SHARDS;
    let table = this.#tables[shard] as Uint32Array;
    const count = this.#counts[shard] as number;
    if (count + 1 > (table.length / 2) * MAX_LOAD) {
      table = grown(table);
      this.#tables[shard] = table;
    }
    const slot = find(table, high, low);
    if (table[slot + 1] !== 0) return;
    table[slot] = high;
    table[slot + 1] = low;
    this.#counts[shard] = count + 1;
  }
}

/** Where the hash is, or the free slot where it would go. */
function find(table: Uint32Array, high: number, low: number): number {
  const mask = table.length / 2 - 1;
  let slot = low & mask;
  for (;;) {
    const at = slot * 2;
    const found = table[at + 1];
    if (found === 0 || (found === low && table[at] === high)) return at;
    slot = (slot + 1) & mask;
  }
}

function grown(table: Uint32Array): Uint32Array {
  const next = new Uint32Array(table.length * 2);
  for (let at = 0; at < table.length; at += 2) {
    const low = table[at + 1] as number;
    if (low === 0) continue;
    const high = table[at] as number;
    const slot = find(next, high, low);
    next[slot] = high;
    next[slot + 1] = low;
  }
  return next;
}
