import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MAX_RAW_BYTES } from '../normalise/limits.js';
import type { DeadLetter } from '../pipeline/prepared-batch.js';

const letterSchema = z.object({
  at: z.iso.datetime(),
  id: z.string(),
  stage: z.string(),
  reason: z.string(),
  source: z.string(),
  bytes: z.int().nonnegative(),
  /** Empty once it was erased. */
  raw: z.base64(),
});

/** A dead letter as it is kept. */
export type WrittenLetter = z.infer<typeof letterSchema>;

/** Where a letter comes from; `index` is its place in the batch. */
interface LetterOrigin {
  readonly at: string;
  readonly source: string;
  readonly cursor: string;
  readonly index: number;
}

/** A letter as a line without its end. The same letter of the same batch has the same `id`. */
export function letterLine({ raw: record, stage, reason }: DeadLetter, origin: LetterOrigin): string {
  const raw = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const { at, source, cursor, index } = origin;
  const hash = createHash('sha256')
    .update(`${source}\n${cursor}\n${String(index)}\n`)
    .update(raw);
  const kept = raw.subarray(0, MAX_RAW_BYTES).toString('base64');
  const id = hash.digest('hex').slice(0, 32);
  return JSON.stringify({ at, id, stage, reason, source, bytes: raw.length, raw: kept } satisfies WrittenLetter);
}

/** The letter in a line; null where the line is torn. */
export function readLetter(line: string): WrittenLetter | null {
  try {
    return letterSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** The line of a letter that was erased. The reason may quote the record: what is general of it stays. */
export function erasedLine(letter: WrittenLetter): string {
  return JSON.stringify({ ...letter, reason: letter.reason.split(':')[0] ?? '', raw: '' } satisfies WrittenLetter);
}
