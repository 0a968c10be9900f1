import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ndjsonLines } from '../ndjson-lines.js';
import { FILE_NAME } from './dead-letter-file.js';
import { readLetter } from './dead-letter-line.js';

/** What the files of dead letters hold. */
export interface DeadLetterCheck {
  readonly files: number;
  readonly letters: number;
  /** Lines that are no dead letter: a crash tears the last one of a file, and the batch is written again. */
  readonly tornLines: number;
}

/** Reads every dead letter below `folder`. A file that goes meanwhile was beyond its retention. */
export async function checkDeadLetters(folder: string): Promise<DeadLetterCheck> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => FILE_NAME.test(name));
  let letters = 0;
  let tornLines = 0;
  for (const name of names) {
    for await (const line of ndjsonLines(join(folder, name))) {
      if (readLetter(String(line)) !== null) letters += 1;
      else tornLines += 1;
    }
  }
  return { files: names.length, letters, tornLines };
}
