import { MAX_LINE_BYTES, MAX_RAW_BYTES } from '../normalise/limits.js';

const NEWLINE = 0x0a;

/**
 * Cuts bytes into lines at `\n`. Chunks may end anywhere, inside a character too: bytes are never decoded here.
 * Blank lines are keep-alives, not records, and are dropped.
 */
export class LineSplitter {
  /** How many lines were longer than 10 MiB, of which only the beginning was handed on. */
  longLines = 0;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #isTooLong = false;

  /** Whether a line has begun that has not ended yet. */
  get isMidLine(): boolean {
    return this.#partBytes > 0;
  }

  /** The lines that end in this chunk. They share its memory where they lie in it whole. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const piece = chunk.subarray(start, end);
      const line = this.#partBytes === 0 && piece.length <= MAX_LINE_BYTES ? piece : this.#takeWith(piece);
      if (!isBlank(line)) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  /** The last line, if it has no newline. */
  end(): Buffer | null {
    const line = this.#takeWith(Buffer.alloc(0));
    return isBlank(line) ? null : line;
  }

  #takeWith(piece: Buffer): Buffer {
    this.#keep(piece);
    const line = this.#parts.length === 1 ? (this.#parts[0] ?? piece) : Buffer.concat(this.#parts);
    if (this.#isTooLong) this.longLines += 1;
    this.#parts = [];
    this.#partBytes = 0;
    this.#isTooLong = false;
    return line;
  }

  #keep(piece: Buffer): void {
    if (this.#isTooLong) return;
    this.#parts.push(piece);
    this.#partBytes += piece.length;
    if (this.#partBytes <= MAX_LINE_BYTES) return;
    this.#isTooLong = true;
    this.#parts = [Buffer.concat(this.#parts).subarray(0, MAX_RAW_BYTES)];
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
