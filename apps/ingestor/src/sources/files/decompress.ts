import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { bunzip2 } from './bunzip2.js';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'zstd';

/** Reads the stored bytes from the start. */
export type OpenInput = () => AsyncIterable<Buffer>;

/** Compressed bytes handed over at once: it bounds what a step can grow to in memory. */
const STEP = 16_384;
/** Four bytes of zstd may stand for 128 KiB. */
const ZSTD_STEP = 512;
const OUTPUT_CHUNK = 262_144;

/**
 * The bytes inside a compressed file, several streams on end included. Where the data are damaged or cut off, everything
 * before the damage is delivered first, then it throws.
 */
export function decompressed(open: OpenInput, compression: Compression): AsyncIterable<Buffer> {
  switch (compression) {
    case 'none':
      return open();
    case 'gzip':
      return inflate(open, () => createGunzip({ chunkSize: OUTPUT_CHUNK }), STEP);
    case 'zstd':
      return inflate(open, () => createZstdDecompress({ chunkSize: OUTPUT_CHUNK }), ZSTD_STEP);
    case 'bzip2':
      return bunzip2(open());
  }
}

/** Where a decoder found damage: in the step that begins at this byte of the input. */
interface Position {
  step: number;
  delivered: number;
}

async function* inflate(open: OpenInput, create: () => Transform, size: number): AsyncGenerator<Buffer> {
  const position: Position = { step: 0, delivered: 0 };
  try {
    yield* decode(open(), create(), position, () => size);
  } catch (error) {
    if (error instanceof DamagedInput) yield* restOfStep(open, create, position, size);
    throw error;
  }
}

/**
 * A decoder that fails within a step keeps back what it had decoded of it. To have that too, a second one comes as far
 * and then goes on byte by byte.
 */
async function* restOfStep(
  open: OpenInput,
  create: () => Transform,
  { step, delivered }: Position,
  size: number,
): AsyncGenerator<Buffer> {
  const again: Position = { step: 0, delivered: 0 };
  let known = delivered;
  try {
    for await (const chunk of decode(open(), create(), again, (at) => (at < step ? size : 1))) {
      if (chunk.length > known) yield chunk.subarray(known);
      known = Math.max(0, known - chunk.length);
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
  }
}

/**
 * Drives a decoder by hand, a step at a time. Reading it as a stream would lose what it had decoded but not yet handed
 * over when it meets damage.
 */
async function* decode(
  input: AsyncIterable<Buffer>,
  decoder: Transform,
  position: Position,
  stepAt: (offset: number) => number,
): AsyncGenerator<Buffer> {
  const driver = new DecoderDriver(decoder);
  const counted = function* (chunks: readonly Buffer[]): Generator<Buffer> {
    for (const chunk of chunks) {
      position.delivered += chunk.length;
      yield chunk;
    }
  };
  try {
    for await (const chunk of steps(input, stepAt)) {
      await driver.write(chunk);
      yield* counted(driver.take());
      driver.check();
      position.step += chunk.length;
    }
    await driver.end();
    yield* counted(driver.take());
    driver.check();
  } finally {
    decoder.destroy();
  }
}

/** Cuts input at multiples of the step, whatever its chunks, so that two passes cut alike. */
async function* steps(input: AsyncIterable<Buffer>, stepAt: (offset: number) => number): AsyncGenerator<Buffer> {
  let offset = 0;
  for await (const chunk of input) {
    let start = 0;
    while (start < chunk.length) {
      const size = stepAt(offset);
      const end = Math.min(chunk.length, start + size - (offset % size));
      yield chunk.subarray(start, end);
      offset += end - start;
      start = end;
    }
  }
}

class DecoderDriver {
  readonly #decoder: Transform;
  #output: Buffer[] = [];
  #failure: Error | null = null;
  #isDone = false;
  #isEnding = false;
  readonly #done: Promise<void>;

  constructor(decoder: Transform) {
    this.#decoder = decoder;
    this.#done = new Promise((resolve) => {
      const settle = (): void => {
        this.#isDone = true;
        resolve();
      };
      decoder.once('end', settle).once('close', settle);
    });
    decoder.on('data', (chunk: Buffer) => this.#output.push(chunk));
    decoder.on('error', (error) => (this.#failure ??= error));
  }

  /** Resolves when the decoder has digested the bytes, or will take no more. */
  async write(bytes: Buffer): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.#decoder.write(bytes, () => {
        resolve();
      });
    });
    await Promise.race([written, this.#done]);
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    this.#decoder.end();
    await this.#done;
  }

  take(): readonly Buffer[] {
    const taken = this.#output;
    this.#output = [];
    return taken;
  }

  /** @throws DamagedInput */
  check(): void {
    if (this.#failure !== null) throw new DamagedInput(this.#failure.message, { cause: this.#failure });
    if (this.#isDone && !this.#isEnding) throw new DamagedInput('something else follows the compressed data');
  }
}

class DamagedInput extends Error {}
