/** Sizes are rounded up to a multiple of this, so that a buffer fits the next batch too. */
const STEP_BYTES = 256 * 1024;
/** What is kept for later. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Buffers that are used again. A new one for each batch costs more than its memory: V8 looks through the whole heap each time
 * 64 MB of buffers have been thrown away.
 */
export class BufferPool {
  readonly #kept: ArrayBuffer[] = [];
  #bytes = 0;

  /** A buffer of at least that size; what stands in it is of no account. */
  take(bytes: number): ArrayBuffer {
    const index = this.#kept.findIndex(({ byteLength }) => byteLength >= bytes);
    const [kept] = index < 0 ? [] : this.#kept.splice(index, 1);
    if (kept === undefined) return new ArrayBuffer(Math.max(1, Math.ceil(bytes / STEP_BYTES)) * STEP_BYTES);
    this.#bytes -= kept.byteLength;
    return kept;
  }

  /** Gives a buffer back that nobody reads any more. One that was handed to another thread has no bytes, and is left alone. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength < STEP_BYTES || this.#bytes + buffer.byteLength > MAX_KEPT_BYTES) return;
    this.#kept.push(buffer);
    this.#bytes += buffer.byteLength;
  }
}
