import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressed, type Compression } from './decompress.js';

/** `{"a":1}\n{"b":2}\n` */
const BZIP2 = Buffer.from('QlpoOTFBWSZTWQ/l9WEAAAZZgAAQEAAwEDAAAAogADEGTECUmh6eokxEgQXRdyRThQkA/l9WEA==', 'base64');
const TEXT = '{"a":1}\n{"b":2}\n';

// eslint-disable-next-line @typescript-eslint/require-await
async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(
  bytes: Buffer,
  compression: Compression,
  size = 7,
): Promise<{ text: string; error: string | null }> {
  const output: Buffer[] = [];
  try {
    for await (const chunk of decompressed(() => chunksOf(bytes, size), compression)) output.push(chunk);
    return { text: Buffer.concat(output).toString(), error: null };
  } catch (error) {
    return { text: Buffer.concat(output).toString(), error: error instanceof Error ? error.message : 'other' };
  }
}

const SAMPLES: readonly (readonly [Compression, Buffer])[] = [
  ['gzip', gzipSync(TEXT)],
  ['zstd', zstdCompressSync(TEXT)],
  ['bzip2', BZIP2],
];

describe.each(SAMPLES)('%s', (compression, bytes) => {
  it('gives back what was compressed, in chunks of any size', async () => {
    for (const size of [1, 2, 3, 1000])
      expect(await read(bytes, compression, size)).toEqual({ text: TEXT, error: null });
  });

  it('reads several streams on end', async () => {
    const twice = Buffer.concat([bytes, bytes]);
    for (const size of [1, bytes.length, 1000]) {
      expect(await read(twice, compression, size)).toEqual({ text: TEXT + TEXT, error: null });
    }
  });

  it('says where data are cut off, at every byte', async () => {
    for (let length = 4; length < bytes.length; length++) {
      const { text, error } = await read(bytes.subarray(0, length), compression);
      expect(error, `${length} bytes`).not.toBeNull();
      expect(TEXT.startsWith(text)).toBe(true);
    }
  });

  it('delivers a whole stream that stands before damage', async () => {
    const damaged = Buffer.concat([bytes, bytes.subarray(0, bytes.length - 6)]);
    const { text, error } = await read(damaged, compression);
    expect(text.startsWith(TEXT)).toBe(true);
    expect(error).not.toBeNull();
  });

  it('says so where something else follows', async () => {
    const { text, error } = await read(Buffer.concat([bytes, Buffer.from('something else')]), compression, 1000);
    expect(text).toBe(TEXT);
    expect(error).not.toBeNull();
  });
});

describe('damage in the middle', () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `{"n":${i},"x":"${Math.imul(i, 2654435761) >>> 0}"}\n`).join(
    '',
  );

  it.each([
    ['gzip', gzipSync(lines)],
    ['zstd', zstdCompressSync(lines)],
  ] as const)('of %s loses nothing that was decoded before it', async (compression, bytes) => {
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    const cutOff = await read(half, compression, 65_536);
    expect(cutOff.error).toMatch(/unexpected end/);
    expect(lines.startsWith(cutOff.text)).toBe(true);
    expect(cutOff.text.length).toBeGreaterThan(lines.length * 0.3);

    // Overwritten from there on: not a byte less than where it was cut off, however the steps fall.
    const overwritten = await read(Buffer.concat([half, Buffer.alloc(200_000, 0xff)]), compression, 65_536);
    expect(overwritten.error).not.toBeNull();
    expect(overwritten.text.startsWith(cutOff.text)).toBe(true);
  });
});
