import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { FindErased } from '@analytica/lake';
import { ndjsonLines } from '../ndjson-lines.js';
import { erasedLine, readLetter } from './dead-letter-line.js';
import { idsOfLetter } from './letter-ids.js';

/** Letters whose ids are looked up together. */
const LOOKED_UP = 500;

/** The beginning of a file of letters, which no longer changes. */
export interface Beginning {
  readonly path: string;
  readonly bytes: number;
}

/** The places, among the lines of a file's beginning, of letters about something erased; none of them when it is to stop. */
export async function findErasedLetters(
  { path, bytes }: Beginning,
  find: FindErased,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const doomed = new Set<number>();
  let asked: { readonly line: number; readonly ids: readonly string[] }[] = [];
  const look = async (): Promise<void> => {
    const gone = await find([...new Set(asked.flatMap(({ ids }) => ids))]);
    for (const { line, ids } of asked) if (ids.some((id) => gone.has(id))) doomed.add(line);
    asked = [];
  };
  let number = 0;
  for await (const line of ndjsonLines(path, bytes)) {
    if (signal.aborted) return new Set();
    const letter = readLetter(String(line));
    if (letter !== null && letter.raw !== '') {
      asked.push({ line: number, ids: idsOfLetter(Buffer.from(letter.raw, 'base64')) });
    }
    if (asked.length === LOOKED_UP) await look();
    number += 1;
  }
  await look();
  return doomed;
}

/** Writes a file's beginning to `target`, the letters at the places `doomed` without their bytes. It is cut short when it is to stop. */
export async function writeWithoutErased(
  { path, bytes }: Beginning,
  doomed: ReadonlySet<number>,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  async function* remaining(): AsyncGenerator<Buffer | string> {
    let number = 0;
    for await (const line of ndjsonLines(path, bytes)) {
      if (signal.aborted) return;
      const letter = doomed.has(number) ? readLetter(String(line)) : null;
      yield letter === null ? line : erasedLine(letter);
      yield '\n';
      number += 1;
    }
  }
  await pipeline(remaining, createWriteStream(target, { flush: true }));
}
