import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { bunzip2 } from './bunzip2.js';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'zstd';

/** Compressed bytes handed over at once: it bounds what a step can grow to in memory. */
const STEP = 16_384;
const OUTPUT_CHUNK = 262_144;

/**
 * The bytes inside a compressed file, several streams on end included. Where the data are damaged or cut off, everything
 * before the damage is delivered first, then it throws.
 */
export function decompressed(input: AsyncIterable<Buffer>, compression: Compression): AsyncIterable<Buffer> {
  switch (compression) {
    case 'none':
      return input;
    case 'gzip':
      return inflate(input, createGunzip({ chunkSize: OUTPUT_CHUNK }));
    case 'zstd':
      return inflate(input, createZstdDecompress({ chunkSize: OUTPUT_CHUNK }));
    case 'bzip2':
      return bunzip2(input);
  }
}

/**
 * Drives a decoder by hand, a step at a time. Reading it as a stream would lose what it had decoded but not yet handed
 * over when it meets damage.
 */
async function* inflate(input: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Buffer> {
  const state = { output: [] as Buffer[], failure: null as Error | null, isDone: false };
  const done = new Promise<void>((resolve) => {
    const settle = (): void => {
      state.isDone = true;
      resolve();
    };
    decoder.once('end', settle).once('close', settle);
  });
  decoder.on('data', (chunk: Buffer) => state.output.push(chunk));
  decoder.on('error', (error: Error) => (state.failure ??= error));
  const takeOutput = (): Buffer[] => state.output.splice(0);
  const checkFailure = (): void => {
    if (state.failure !== null) throw state.failure;
  };

  try {
    for await (const chunk of input) {
      for (let start = 0; start < chunk.length; start += STEP) {
        const written = new Promise<void>((resolve) =>
          decoder.write(chunk.subarray(start, start + STEP), () => {
            resolve();
          }),
        );
        await Promise.race([written, done]);
        yield* takeOutput();
        checkFailure();
        if (state.isDone) throw new Error('something else follows the compressed data');
      }
    }
    decoder.end();
    await done;
    yield* takeOutput();
    checkFailure();
  } finally {
    decoder.destroy();
  }
}
