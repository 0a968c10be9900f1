const SLAB = 262_144;

/** Puts a line together from strings and ready bytes, one after the other in slabs, so that a line costs no copy. */
export class LineWriter {
  #slab = Buffer.allocUnsafeSlow(SLAB);
  #start = 0;
  #end = 0;

  text(part: string): this {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#reserve(part.length * 3);
    this.#end += this.#slab.write(part, this.#end);
    return this;
  }

  bytes(part: Buffer): this {
    this.#reserve(part.length);
    this.#slab.set(part, this.#end);
    this.#end += part.length;
    return this;
  }

  /** What was written; the writer begins a new line. */
  take(): Buffer {
    const line = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return line;
  }

  /** The same as bytes of their own, which keep no slab alive. */
  takeCopy(): Buffer {
    const copy = Buffer.from(this.#slab.subarray(this.#start, this.#end));
    this.#end = this.#start;
    return copy;
  }

  #reserve(more: number): void {
    if (this.#end + more <= this.#slab.length) return;
    const begun = this.#end - this.#start;
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB, 2 * (begun + more)));
    this.#slab.copy(slab, 0, this.#start, this.#end);
    this.#slab = slab;
    this.#start = 0;
    this.#end = begun;
  }
}
