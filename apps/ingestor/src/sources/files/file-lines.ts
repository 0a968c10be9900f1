import { createReadStream } from 'node:fs';
import { decompressed } from './decompress.js';
import { HEAD_BYTES, looksBinary, type InputFile } from './input-file.js';
import { LineSplitter } from '../line-splitter.js';

const READ_BYTES = 262_144;

/** Lines of a file in order. `problem` says what was wrong with the file there, and belongs to the last of these lines. */
export interface LineGroup {
  readonly lines: readonly Buffer[];
  readonly problem: string | null;
}

/**
 * The lines of a file, blank ones left out. Damage ends the file: what came before it is delivered, and one last line
 * that is no JSON stands for it, so that it is accounted for as one dead letter: the torn line itself, or where nothing
 * is torn, a note.
 */
export async function* linesOf(
  file: InputFile,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<LineGroup> {
  const splitter = new LineSplitter();
  let isFirst = true;
  try {
    for await (const chunk of decompressed(() => bytesOf(file, onRead), file.compression)) {
      if (signal.aborted) return;
      if (isFirst && looksBinary(chunk.subarray(0, HEAD_BYTES))) {
        yield note(`${file.path} holds binary data, not lines of JSON: it is left out`);
        return;
      }
      isFirst = false;
      const longBefore = splitter.longLines;
      const lines = splitter.push(chunk);
      if (lines.length > 0) yield { lines, problem: splitter.longLines > longBefore ? tooLong(file) : null };
    }
  } catch (error) {
    yield* endOfDamaged(file, splitter, error);
    return;
  }
  const longBefore = splitter.longLines;
  const last = splitter.end();
  if (last !== null) yield { lines: [last], problem: splitter.longLines > longBefore ? tooLong(file) : null };
}

function* endOfDamaged(file: InputFile, splitter: LineSplitter, error: unknown): Generator<LineGroup> {
  const reason = error instanceof Error ? error.message : String(error);
  const problem = `${file.path} is damaged or cut off (${reason}): what stands before the damage was read`;
  const torn = splitter.end();
  if (torn !== null && !isJson(torn)) {
    yield { lines: [torn], problem };
    return;
  }
  if (torn !== null) yield { lines: [torn], problem: null };
  yield note(problem);
}

/** A line of our own, which cannot be taken for a record. */
function note(problem: string): LineGroup {
  return { lines: [Buffer.from(problem)], problem };
}

function tooLong(file: InputFile): string {
  return `${file.path} holds a line of more than 10 MiB: only its beginning is kept, as a dead letter`;
}

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

async function* bytesOf(file: InputFile, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file.path, { highWaterMark: READ_BYTES })) {
    const bytes = chunk as Buffer;
    onRead(bytes.length);
    yield bytes;
  }
}
