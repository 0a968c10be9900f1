/**
 * Remembers at most `limit` values, so that memory stays bounded however long the stream runs. Two generations: what
 * is asked for moves to the young one, the old one is dropped whole (taking single old keys out of a Map is slow).
 */
export class BoundedCache<V> {
  #young = new Map<number, V>();
  #old = new Map<number, V>();
  readonly #perGeneration: number;

  constructor(limit: number) {
    this.#perGeneration = Math.ceil(limit / 2);
  }

  get(key: number, make: () => V): V {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const value = this.#old.get(key) ?? make();
    if (this.#young.size >= this.#perGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
