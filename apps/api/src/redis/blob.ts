import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A JSON value as Redis keeps it: compressed by zstd. */
export async function pack(value: unknown): Promise<Buffer> {
  return compress(Buffer.from(JSON.stringify(value), 'utf8'));
}

/** The value that {@link pack} was given. Only for what this product wrote itself. */
export async function unpack<T>(blob: Buffer): Promise<T> {
  return JSON.parse((await decompress(blob)).toString('utf8')) as T;
}
