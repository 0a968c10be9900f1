import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEAD_LETTER_SAMPLES, type DeadLetterReason } from '@analytica/domain/contracts';
import { FILE_NAME } from './dead-letter-file.js';
import { readLetter } from './dead-letter-line.js';
import { reasonOf } from './dead-letter-reasons.js';

/** How much of the newest file is read at a time, and how much of a sample is shown. */
const MAX_BYTES = 2 * 1_048_576;
const SAMPLE_CHARACTERS = 280;
/** Reasons that are told of, the commonest. */
const MAX_REASONS = 12;

/** The newest dead letters of each reason, read again when their file has changed: what is deleted from it is no sample any more. */
export class DeadLetterSamples {
  readonly #folder: string;
  #seen = '';
  #samples: ReadonlyMap<string, readonly string[]> = new Map();

  /** @param folder - of the dead letters. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads the end of the newest file, if it has changed. */
  async refresh(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    const newest = names
      .filter((name) => FILE_NAME.test(name))
      .sort()
      .at(-1);
    if (newest === undefined) {
      this.#samples = new Map();
      return;
    }
    const file = await open(join(this.#folder, newest));
    try {
      const { size, mtimeMs, ino } = await file.stat();
      const version = `${newest} ${String(size)} ${String(mtimeMs)} ${String(ino)}`;
      if (version === this.#seen) return;
      const length = Math.min(size, MAX_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      this.#samples = samplesOf(buffer.toString('utf8', 0, bytesRead));
      this.#seen = version;
    } finally {
      await file.close();
    }
  }

  /** The commonest reasons with their samples. @param counts - dead letters by reason. */
  of(counts: Readonly<Record<string, number>>): readonly DeadLetterReason[] {
    return Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_REASONS)
      .map(([reason, count]) => ({ reason, count, samples: this.#samples.get(reason) ?? [] }));
  }
}

/** The newest samples of each reason. A line that was cut off at the beginning, or torn by a crash, is left out. */
function samplesOf(text: string): ReadonlyMap<string, readonly string[]> {
  const samples = new Map<string, string[]>();
  for (const line of text.split('\n').reverse()) {
    const letter = readLetter(line);
    if (letter === null || letter.raw === '') continue; // erased
    const reason = reasonOf(letter.reason);
    const found = samples.get(reason) ?? [];
    samples.set(reason, found);
    if (found.length < DEAD_LETTER_SAMPLES) found.push(beginning(letter.raw));
  }
  return samples;
}

/** The first characters of a record, on one line. Four bytes a character, and as many in base64 as hold those. */
function beginning(base64: string): string {
  const text = Buffer.from(base64.slice(0, 8 * SAMPLE_CHARACTERS), 'base64').toString('utf8');
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const characters = Array.from(plain.slice(0, 2 * SAMPLE_CHARACTERS + 2).toWellFormed());
  return characters.length <= SAMPLE_CHARACTERS ? plain : `${characters.slice(0, SAMPLE_CHARACTERS).join('')}…`;
}
