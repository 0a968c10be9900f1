import type { CoverageEvent, Cursor, RawBatch, Source } from '../../src/sources/source.js';

/** What a source gave until now; it goes on collecting until it is stopped. */
export class Collected {
  readonly batches: RawBatch[] = [];
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #isHeld = false;
  #released = Promise.withResolvers<undefined>();

  /** @param resume - where the source goes on. */
  constructor(source: Source, resume: Cursor | null = null) {
    this.#ended = this.#collect(source, resume);
  }

  /** How many lines came. */
  get count(): number {
    return this.batches.reduce((sum, { lines }) => sum + lines.length, 0);
  }

  get lines(): readonly string[] {
    return this.batches.flatMap(({ lines }) => lines.map((line) => line.toString()));
  }

  get coverage(): readonly CoverageEvent[] {
    return this.batches.flatMap(({ coverage = [] }) => coverage);
  }

  get cursor(): Cursor | null {
    return this.batches.at(-1)?.cursor ?? null;
  }

  /** Takes no more batches until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#released.resolve(undefined);
    this.#released = Promise.withResolvers();
  }

  /** Stops the source. @throws what it threw. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.release();
    await this.#ended;
  }

  async #collect(source: Source, resume: Cursor | null): Promise<void> {
    for await (const batch of source.batches(resume, this.#stop.signal)) {
      this.batches.push(batch);
      if (this.#isHeld) await this.#released.promise;
    }
  }
}
