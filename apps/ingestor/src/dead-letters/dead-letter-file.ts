import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DAY_MS } from '@analytica/domain';
import { type Ageing, type FindErased, makeFolderDurably, publishFile, syncFolder } from '@analytica/lake';
import { MAX_RAW_BYTES } from '../normalise/limits.js';
import type { DeadLetter } from '../pipeline/prepared-batch.js';
import type { Cursor } from '../sources/source.js';
import { letterLine } from './dead-letter-line.js';
import { findErasedLetters, writeWithoutErased } from './erased-letters.js';

const KEY_PREFIX = 'dead-letters/';
/** Of a file that is being written again. */
const TEMPORARY_NAME = /^\d{4}-\d\d-\d\d\.ndjson\.tmp$/;
export const FILE_NAME = /^\d{4}-\d\d-\d\d\.ndjson$/;

/**
 * Records that could not become posts, with their bytes: `<folder>/YYYY-MM-DD.ndjson` by arrival day (UTC). They are safe on disk
 * before the batch that counts them is. A crash between the two repeats them with the same `id`; counters come from the log
 * alone, so that none counts twice.
 */
export class DeadLetterFile {
  readonly #folder: string;
  /** A file is either added to or replaced. */
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
   * Letters are added meanwhile; those stay as they are. One call at a time.
   * @returns how many they were. When it is to stop, the file that it is at stays as it was.
   */
  async erase(find: FindErased, signal: AbortSignal): Promise<number> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    // A crash leaves such a copy, and what is erased later would stay in it.
    for (const name of names) if (TEMPORARY_NAME.test(name)) await rm(join(this.#folder, name), { force: true });
    let erased = 0;
    for (const name of names.filter((each) => FILE_NAME.test(each))) {
      if (signal.aborted) break;
      erased += await this.#eraseIn(join(this.#folder, name), find, signal);
    }
    return erased;
  }

  /** Capture waits as long as this has the turn: only what was added meanwhile is copied in it. */
  async #eraseIn(path: string, find: FindErased, signal: AbortSignal): Promise<number> {
    const { size: bytes } = await this.#exclusive(() => stat(path));
    const doomed = await findErasedLetters({ path, bytes }, find, signal);
    if (doomed.size === 0) return 0;
    const temporary = `${path}.tmp`;
    await writeWithoutErased({ path, bytes }, doomed, temporary, signal);
    if (signal.aborted) {
      await rm(temporary);
      return 0;
    }
    await this.#exclusive(async () => {
      await pipeline(createReadStream(path, { start: bytes }), createWriteStream(temporary, { flags: 'a' }));
      await publishFile(temporary, path);
    });
    return doomed.size;
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
