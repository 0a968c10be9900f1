import bitIterator from 'unbzip2-stream/lib/bit_iterator.js';
import bzip2 from 'unbzip2-stream/lib/bzip2.js';

const BLOCK_UNIT = 100_000;
/** More than the greatest header of a stream or block. */
const HEADER_BYTES = 64;
/** How much longer than its content a compressed block can be, tables included. */
const BLOCK_OVERHEAD = 25_000;

/** The bytes inside bzip2 data, block by block. Each block is handed over before the next is decoded. */
export async function* bunzip2(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const compressed = new CompressedBytes(input);
  let unit = 0;
  let sum = 0;
  let work = new Int32Array(0);
  for (;;) {
    await compressed.ensure(unit === 0 ? HEADER_BYTES : unit * BLOCK_UNIT + BLOCK_OVERHEAD);
    if (unit === 0) {
      if (compressed.isAtEnd()) return;
      unit = decoding(() => bzip2.header(compressed.bits));
      sum = 0;
      if (work.length !== unit * BLOCK_UNIT) work = new Int32Array(unit * BLOCK_UNIT);
      continue;
    }
    const block = new GrowingBuffer(work.length);
    const next = decoding(() => bzip2.decompress(compressed.bits, block.push, work, work.length, sum));
    if (next === null) {
      unit = 0;
    } else {
      sum = next;
      yield block.bytes();
    }
  }
}

/** The decoder reads bits synchronously, so a whole block must be here before it starts. */
class CompressedBytes {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #queue: Buffer[] = [];
  #received = 0;
  #hasEnded = false;
  #reader: bitIterator.BitReader | null = null;

  constructor(input: AsyncIterable<Buffer>) {
    this.#chunks = input[Symbol.asyncIterator]();
  }

  get bits(): bitIterator.BitReader {
    this.#reader ??= bitIterator(() => {
      const chunk = this.#queue.shift();
      if (chunk === undefined) throw new UnexpectedEnd();
      return chunk;
    });
    return this.#reader;
  }

  async ensure(bytes: number): Promise<void> {
    while (!this.#hasEnded && this.#received - (this.#reader?.bytesRead ?? 0) < bytes) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        this.#hasEnded = true;
      } else if (next.value.length > 0) {
        this.#queue.push(next.value);
        this.#received += next.value.length;
      }
    }
  }

  isAtEnd(): boolean {
    return this.#received <= (this.#reader?.bytesRead ?? 0);
  }
}

class GrowingBuffer {
  #buffer: Buffer;
  #length = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  readonly push = (byte: number): void => {
    if (this.#length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2);
    this.#buffer[this.#length++] = byte;
  };

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

class UnexpectedEnd extends Error {
  constructor() {
    super('unexpected end of file');
  }
}

/** The decoder's own messages ("rawr i'm a dinosaur") help nobody. */
function decoding<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof UnexpectedEnd) throw error;
    throw new Error('not valid bzip2 data', { cause: error });
  }
}
