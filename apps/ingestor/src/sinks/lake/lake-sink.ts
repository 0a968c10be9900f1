import { rm } from 'node:fs/promises';
import type { LakeWriter } from '@analytica/lake';
import type { SealedSegment } from '../../log/ingest-log.js';
import { retryStorage } from '../retry-storage.js';

/** Segments that may wait for the lake before the log stops growing. */
const MAX_WAITING = 4;

interface Waiting {
  readonly segment: SealedSegment;
  readonly watermark: number;
}

/** Brings closed segments into the lake, in order, and deletes each once it is safe there. */
export class LakeSink {
  readonly #lake: LakeWriter;
  readonly #tell: (problem: string | null) => void;
  readonly #signal: AbortSignal;
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;
  #error: Error | null = null;
  #changed = Promise.withResolvers<undefined>();

  /** @param signal - gives up waiting for a full disk; segments that are left stay in the log. */
  constructor(lake: LakeWriter, tell: (problem: string | null) => void, signal: AbortSignal) {
    this.#lake = lake;
    this.#tell = tell;
    this.#signal = signal;
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  /** @param watermark - arrival time up to which all is in the lake once this segment is. */
  add(segment: SealedSegment, watermark: number): void {
    this.#waiting.push({ segment, watermark });
    this.#working ??= this.#work().catch((error: unknown) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** @throws what went wrong with a segment, if anything did. */
  check(): void {
    if (this.#error !== null) throw this.#error;
  }

  /** Waits while too many segments wait. @throws what went wrong with an earlier segment. */
  async room(): Promise<void> {
    await this.#until(() => this.#waiting.length < MAX_WAITING);
  }

  /** Waits until all segments are in the lake. @throws what went wrong with one. */
  async drain(): Promise<void> {
    await this.#until(() => this.#waiting.length === 0);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      this.check();
      await Promise.race([this.#changed.promise, this.#working]);
    }
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { segment, watermark } = next;
      await retryStorage(() => this.#lake.commitSegment(segment, watermark), this.#lake.root, this.#tell, this.#signal);
      await rm(segment.path, { force: true });
      this.#waiting.shift();
      const changed = this.#changed;
      this.#changed = Promise.withResolvers();
      changed.resolve(undefined);
    }
    this.#working = null;
  }
}
