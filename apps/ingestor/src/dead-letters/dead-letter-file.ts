import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from '@analytica/domain';
import { makeFolderDurably, syncFolder } from '@analytica/lake';
import { MAX_RAW_BYTES } from '../normalise/limits.js';
import type { DeadLetter } from '../pipeline/prepared-batch.js';
import type { Cursor } from '../sources/source.js';

const FILE_NAME = /^\d{4}-\d\d-\d\d\.ndjson$/;

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

  /** Deletes the files of days that ended longer ago than the retention; 0 keeps all. @returns how many. */
  async expire(now: number, retentionDays: number): Promise<number> {
    if (retentionDays === 0) return 0;
    const names = (await readdir(this.#folder).catch(() => [] as string[])).filter((name) => FILE_NAME.test(name));
    const days = names.map((name) => Date.parse(name.slice(0, 10)));
    let deleted = 0;
    for (const [index, day] of days.entries()) {
      if (day + DAY_MS >= now - retentionDays * DAY_MS) continue;
      await rm(join(this.#folder, names[index] ?? ''), { force: true });
      deleted += 1;
    }
    return deleted;
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
