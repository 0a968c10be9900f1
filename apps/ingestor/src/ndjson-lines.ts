import { createReadStream } from 'node:fs';
import { LineSplitter } from './sources/line-splitter.js';

/**
 * The lines of a file that we wrote ourselves, blank ones left out. They are cut at `\n` alone: JSON holds U+2028 and U+2029 as
 * they are, where node's readline would cut.
 * @param bytes - how much of the file is read.
 */
export async function* ndjsonLines(path: string, bytes = Infinity): AsyncGenerator<Buffer> {
  if (bytes === 0) return;
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) yield* splitter.push(chunk as Buffer);
  const last = splitter.end();
  if (last !== null) yield last;
}
