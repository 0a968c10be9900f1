/** What goes into one batch at most. */
const BATCH_FRAMES = 500;
const BATCH_BYTES = 1024 * 1024;
/** What waits at most, but for what the socket still gives after it was told to stop. */
const MAX_FRAMES = 4 * BATCH_FRAMES;
const MAX_BYTES = 8 * BATCH_BYTES;

/** Frames between the socket and whoever takes them: in batches, so that one write to the log holds many. */
export class FrameQueue {
  #frames: Buffer[] = [];
  #bytes = 0;
  #isDue = false;
  #isEnded = false;
  #timer: NodeJS.Timeout | undefined;
  #changed = Promise.withResolvers<undefined>();
  readonly #batchMs: number;

  /** @param batchMs - how long a frame waits for others. */
  constructor(batchMs: number) {
    this.#batchMs = batchMs;
  }

  get length(): number {
    return this.#frames.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nothing more should be read from the socket. */
  get isFull(): boolean {
    return this.#frames.length >= MAX_FRAMES || this.#bytes >= MAX_BYTES;
  }

  /** Whether reading may go on after the queue was full. */
  get isLow(): boolean {
    return this.#frames.length <= MAX_FRAMES / 2 && this.#bytes <= MAX_BYTES / 2;
  }

  push(frame: Buffer): void {
    this.#frames.push(frame);
    this.#bytes += frame.length;
    if (this.#isDue) return;
    if (this.#frames.length >= BATCH_FRAMES || this.#bytes >= BATCH_BYTES) this.#due();
    else this.#timer ??= setTimeout(() => this.#due(), this.#batchMs);
  }

  /** States that no more will come. */
  end(): void {
    this.#isEnded = true;
    this.#due();
  }

  /**
   * The next batch, once it is due.
   * @param idleMs - after so long without a frame there is an empty one.
   * @returns null once all was taken and no more will come.
   */
  async take(idleMs: number): Promise<readonly Buffer[] | null> {
    while (!this.#isDue) {
      const idle = setTimeout(() => this.#notify(), idleMs);
      await this.#changed.promise;
      clearTimeout(idle);
      if (this.#isIdle()) return [];
    }
    return this.#frames.length === 0 ? null : this.#shift();
  }

  #isIdle(): boolean {
    return !this.#isDue && this.#frames.length === 0;
  }

  #shift(): readonly Buffer[] {
    let count = 0;
    let bytes = 0;
    for (const frame of this.#frames) {
      if (count === BATCH_FRAMES || (count > 0 && bytes + frame.length > BATCH_BYTES)) break;
      count += 1;
      bytes += frame.length;
    }
    const batch = this.#frames.slice(0, count);
    this.#frames = this.#frames.slice(count);
    this.#bytes -= bytes;
    // What is left has waited already.
    this.#isDue = this.#frames.length > 0 || this.#isEnded;
    return batch;
  }

  #due(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = true;
    this.#notify();
  }

  #notify(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve(undefined);
  }
}
