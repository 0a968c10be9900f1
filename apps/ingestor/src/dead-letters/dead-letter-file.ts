import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from '@analytica/domain';
import { type Ageing, makeFolderDurably, syncFolder } from '@analytica/lake';
import { MAX_RAW_BYTES } from '../normalise/limits.js';
import type { DeadLetter } from '../pipeline/prepared-batch.js';
import type { Cursor } from '../sources/source.js';

const KEY_PREFIX = 'dead-letters/';
export const FILE_NAME = /^\d{4}-\d\d-\d\d\.ndjson$/;

/**
 * Records that could not become posts, with their bytes: `<folder>/YYYY-MM-DD.ndjson` by arrival day (UTC). They are safe on disk
 * before the batch that counts them is. A crash between the two repeats them with the same `id`; counters come from the log
 * alone, so that none counts twice.
 */
export class DeadLetterFile {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(letters: readonly DeadLetter[], source: string, cursor: Cursor, arrivedAt: number): Promise<void> {
    if (letters.length === 0) return;
    const at = new Date(arrivedAt).toISOString();
    const place = JSON.stringify(cursor);
    await makeFolderDurably(this.#folder);
    const handle = await open(join(this.#folder, `${at.slice(0, 10)}.ndjson`), 'a+');
    try {
      const { size } = await handle.stat();
      // A line that a crash or a full disk cut short must not swallow this one.
      let chunk = size === 0 || (await endsWithNewline(handle, size)) ? '' : '\n';
      for (const [index, letter] of letters.entries()) {
        chunk += toLine(letter, { at, source, place, index });
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

function toLine(
  letter: DeadLetter,
  where: { readonly at: string; readonly source: string; readonly place: string; readonly index: number },
): string {
  const raw = Buffer.from(letter.raw.buffer, letter.raw.byteOffset, letter.raw.byteLength);
  const id = createHash('sha256')
    .update(`${where.source}\n${where.place}\n${String(where.index)}\n`)
    .update(raw)
    .digest('hex')
    .slice(0, 32);
  const { stage, reason } = letter;
  const kept = raw.subarray(0, MAX_RAW_BYTES).toString('base64');
  return JSON.stringify({ at: where.at, id, stage, reason, source: where.source, bytes: raw.length, raw: kept }) + '\n';
}

async function endsWithNewline(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}
