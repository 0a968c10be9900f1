import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { FILE_NAME } from './dead-letter-file.js';

const letterSchema = z.object({
  at: z.iso.datetime(),
  id: z.string(),
  stage: z.string(),
  reason: z.string(),
  source: z.string(),
  bytes: z.int().nonnegative(),
  raw: z.base64(),
});

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
    for await (const line of createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Infinity })) {
      if (line === '') continue;
      if (readLetter(line) !== null) letters += 1;
      else tornLines += 1;
    }
  }
  return { files: names.length, letters, tornLines };
}

/** The dead letter in a line; null where the line is torn. */
export function readLetter(line: string): z.infer<typeof letterSchema> | null {
  try {
    return letterSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
