import { LRUCache } from 'lru-cache';

/**
 * The values that were read last, so that all who want the same value share one read. A failure is not kept. What is oldest goes
 * first; with `ttlMs` a value also goes by age, which a wall clock that jumps does not change.
 */
export class PromiseCache<T> {
  readonly #promises: LRUCache<string, Promise<T>>;

  /** @param clock milliseconds that only grow. */
  constructor(size: number, ttlMs = 0, clock: () => number = () => performance.now()) {
    this.#promises = new LRUCache({ max: size, ttl: ttlMs, ttlResolution: 0, perf: { now: clock } });
  }

  /** The value of a key; `read` gives it where it is not kept. */
  get(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#promises.get(key);
    if (known !== undefined) return known;
    const promise = read();
    this.#promises.set(key, promise);
    promise.catch(() => {
      if (this.#promises.peek(key) === promise) this.#promises.delete(key);
    });
    return promise;
  }
}
