const FIRST_CAPACITY = 1_024;

/** Texts as places in some bytes, a hash of each, and the ordinals that a dictionary gives them: many are looked up at once. */
export class Texts {
  length = 0;
  starts = new Int32Array(FIRST_CAPACITY);
  /** Before the start where there is no text. */
  ends = new Int32Array(FIRST_CAPACITY);
  hashes = new Int32Array(FIRST_CAPACITY);
  ordinals = new Int32Array(FIRST_CAPACITY);

  clear(): void {
    this.length = 0;
  }

  /** The text that is `[start, end)` of the bytes. */
  add(start: number, end: number): void {
    if (this.length === this.starts.length) this.#grow();
    this.starts[this.length] = start;
    this.ends[this.length++] = end;
  }

  /** Instead of a text: its ordinal is `NOTHING`. */
  addNothing(): void {
    this.add(0, -1);
  }

  #grow(): void {
    const { starts, ends } = this;
    const capacity = 2 * starts.length;
    this.starts = new Int32Array(capacity);
    this.starts.set(starts);
    this.ends = new Int32Array(capacity);
    this.ends.set(ends);
    this.hashes = new Int32Array(capacity);
    this.ordinals = new Int32Array(capacity);
  }
}
