import { createWriteStream } from 'node:fs';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DAY_MS } from '@analytica/domain';
import { type Ageing, type FindErased, makeFolderDurably, publishFile, syncFolder } from '@analytica/lake';
import { ndjsonLines } from '../ndjson-lines.js';
import { MAX_RAW_BYTES } from '../normalise/limits.js';
import type { DeadLetter } from '../pipeline/prepared-batch.js';
import type { Cursor } from '../sources/source.js';
import { erasedLine, letterLine, readLetter } from './dead-letter-line.js';
import { idsOfLetter } from './letter-ids.js';

const KEY_PREFIX = 'dead-letters/';
/** Letters whose ids are looked up together. */
const LOOKED_UP = 500;
export const FILE_NAME = /^\d{4}-\d\d-\d\d\.ndjson$/;

/**
 * Records that could not become posts, with their bytes: `<folder>/YYYY-MM-DD.ndjson` by arrival day (UTC). They are safe on disk
 * before the batch that counts them is. A crash between the two repeats them with the same `id`; counters come from the log
 * alone, so that none counts twice.
 */
export class DeadLetterFile {
  readonly #folder: string;
  /** A file is either added to or written again. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(letters: readonly DeadLetter[], source: string, cursor: Cursor, arrivedAt: number): Promise<void> {
    if (letters.length === 0) return;
    await this.#exclusive(() => this.#append(letters, source, cursor, arrivedAt));
  }

  /**
   * Takes the bytes out of the letters that are about something erased (rule 28); the letters stay, so that their number does.
   * @returns how many they were.
   */
  async erase(find: FindErased): Promise<number> {
    const names = (await readdir(this.#folder).catch(() => [] as string[])).filter((name) => FILE_NAME.test(name));
    let erased = 0;
    for (const name of names) erased += await this.#exclusive(() => eraseIn(join(this.#folder, name), find));
    return erased;
  }

  #exclusive<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #append(letters: readonly DeadLetter[], source: string, cursor: Cursor, arrivedAt: number): Promise<void> {
    const at = new Date(arrivedAt).toISOString();
    const origin = { at, source, cursor: JSON.stringify(cursor) };
    await makeFolderDurably(this.#folder);
    const handle = await open(join(this.#folder, `${at.slice(0, 10)}.ndjson`), 'a+');
    try {
      const { size } = await handle.stat();
      // A line that a crash or a full disk cut short must not swallow this one.
      let chunk = size === 0 || (await endsWithNewline(handle, size)) ? '' : '\n';
      for (const [index, letter] of letters.entries()) {
        chunk += `${letterLine(letter, { ...origin, index })}\n`;
        if (chunk.length > 4 * MAX_RAW_BYTES) {
          await handle.appendFile(chunk);
          chunk = '';
        }
      }
      await handle.appendFile(chunk);
      await handle.sync();
      if (size === 0) await syncFolder(this.#folder);
    } finally {
      await handle.close();
    }
  }

  /** The files, by day, as what ages with the lake: kept as long as posts; 0 days keep all. */
  async ageing(retentionDays: number): Promise<readonly Ageing[]> {
    if (retentionDays === 0) return [];
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    return names
      .filter((name) => FILE_NAME.test(name))
      .map((name) => ({
        key: KEY_PREFIX + name,
        endedAt: Date.parse(name.slice(0, 10)) + DAY_MS,
        keepMs: retentionDays * DAY_MS,
        needsPosts: false, // a lake may get nothing else
      }))
      .filter(({ endedAt }) => !Number.isNaN(endedAt));
  }

  /** Deletes one of the files that `ageing` gave. */
  async remove(key: string): Promise<void> {
    await rm(join(this.#folder, key.slice(KEY_PREFIX.length)), { force: true });
  }
}

async function endsWithNewline(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

async function eraseIn(path: string, find: FindErased): Promise<number> {
  const doomed = new Set<number>();
  let asked: { readonly line: number; readonly ids: readonly string[] }[] = [];
  const look = async (): Promise<void> => {
    const gone = await find([...new Set(asked.flatMap(({ ids }) => ids))]);
    for (const { line, ids } of asked) if (ids.some((id) => gone.has(id))) doomed.add(line);
    asked = [];
  };
  let number = 0;
  for await (const line of ndjsonLines(path)) {
    const letter = readLetter(String(line));
    if (letter !== null && letter.raw !== '') {
      asked.push({ line: number, ids: idsOfLetter(Buffer.from(letter.raw, 'base64')) });
    }
    if (asked.length === LOOKED_UP) await look();
    number += 1;
  }
  await look();
  if (doomed.size > 0) await writeAgain(path, doomed);
  return doomed.size;
}

async function writeAgain(path: string, doomed: ReadonlySet<number>): Promise<void> {
  const temporary = `${path}.tmp`;
  async function* remaining(): AsyncGenerator<Buffer | string> {
    let number = 0;
    for await (const line of ndjsonLines(path)) {
      const letter = doomed.has(number) ? readLetter(String(line)) : null;
      yield letter === null ? line : erasedLine(letter);
      yield '\n';
      number += 1;
    }
  }
  await pipeline(remaining, createWriteStream(temporary));
  await publishFile(temporary, path);
}
