import { statfs } from 'node:fs/promises';
import type { DeadLetterSamples } from '../dead-letters/dead-letter-samples.js';

const REFRESH_MS = 5000;

/** What the disk says about itself and about dead letters. Nobody waits for it: a disk that hangs leaves the figures as they were. */
export class DiskFigures {
  readonly #root: string;
  readonly #samples: DeadLetterSamples;
  #freeBytes: number | null = null;
  #readAt = -Infinity;
  #reading: Promise<void> | null = null;

  constructor(root: string, samples: DeadLetterSamples) {
    this.#root = root;
    this.#samples = samples;
  }

  /** Bytes that this process may still write; null while it is not known. */
  get freeBytes(): number | null {
    return this.#freeBytes;
  }

  /** Reads anew in the background, where that was some time ago. @param now - ms of a clock that never jumps. */
  refresh(now: number): void {
    if (this.#reading !== null || now - this.#readAt < REFRESH_MS) return;
    this.#readAt = now;
    this.#reading = this.#read().finally(() => (this.#reading = null));
  }

  async #read(): Promise<void> {
    // What cannot be read now is read the next time; other parts say what is wrong with the disk.
    this.#freeBytes = await statfs(this.#root).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    );
    await this.#samples.refresh().catch(() => undefined);
  }
}
