/** Lines as UTF-8, one after the other, in one growing buffer. */
export class RowBuffer {
  #buffer: Buffer;
  #length = 0;

  /** @param room - to begin with. */
  constructor(room: ArrayBuffer) {
    this.#buffer = Buffer.from(room);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a line and its newline. */
  add(line: string): void {
    const most = this.#length + line.length * 3 + 1;
    if (most > this.#buffer.length) {
      const next = Buffer.allocUnsafeSlow(Math.max(most, this.#buffer.length * 2));
      this.#buffer.copy(next, 0, 0, this.#length);
      this.#buffer = next;
    }
    this.#length += this.#buffer.write(line, this.#length, 'utf8');
    this.#buffer[this.#length] = 0x0a;
    this.#length += 1;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}
