/** The last few values that were read, so that those who ask for the same do not each unpack it again. A failure is not kept. */
export class PromiseCache<T> {
  readonly #size: number;

  readonly #kept = new Map<string, Promise<T>>();

  constructor(size: number) {
    this.#size = size;
  }

  get(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known); // the newest again
      return known;
    }
    const reading = read();
    this.#kept.set(key, reading);
    reading.catch(() => {
      if (this.#kept.get(key) === reading) this.#kept.delete(key);
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#size) break;
      this.#kept.delete(oldest);
    }
    return reading;
  }
}
