import type { SealedSegment } from '../log/ingest-log.js';

interface Waiting {
  readonly segment: SealedSegment;
  readonly watermark: number;
  readonly done: PromiseWithResolvers<undefined>;
}

/** Segments that wait for a sink, which gets one after the other. The first that fails stops the queue. */
export class SegmentQueue {
  readonly #deliver: (segment: SealedSegment, watermark: number) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;
  #error: Error | null = null;
  #isClosed = false;
  #changed = Promise.withResolvers<undefined>();

  /** @param deliver - makes a segment safe in the sink. */
  constructor(deliver: (segment: SealedSegment, watermark: number) => Promise<void>) {
    this.#deliver = deliver;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Resolves once the segment is safe; rejects with what went wrong with it, or with one before. */
  add(segment: SealedSegment, watermark: number): Promise<void> {
    const done = Promise.withResolvers<undefined>();
    this.#waiting.push({ segment, watermark, done });
    if (this.#error !== null) done.reject(this.#error);
    else if (!this.#isClosed) this.#working ??= this.#work();
    return done.promise;
  }

  /** Waits until at most `most` segments wait. @throws what went wrong with one. */
  async atMost(most: number): Promise<void> {
    while (this.#waiting.length > most) {
      if (this.#error !== null) throw this.#error;
      await this.#changed.promise;
    }
  }

  /** Begins no further segment, and waits for the one that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined && !this.#isClosed; next = this.#waiting[0]) {
      try {
        await this.#deliver(next.segment, next.watermark);
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      this.#waiting.shift();
      next.done.resolve(undefined);
      this.#notify();
    }
    this.#working = null;
  }

  #fail(error: Error): void {
    this.#error = error;
    for (const { done } of this.#waiting) done.reject(error);
    this.#notify();
  }

  #notify(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve(undefined);
  }
}
