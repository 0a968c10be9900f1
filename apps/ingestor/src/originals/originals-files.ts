import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolderDurably, publishFile, sequenceName, syncFolder } from '@analytica/lake';
import { writeAll } from '../log/write-all.js';
import { entriesIn } from './original-entry.js';
import type { OriginalsChunk } from './originals-chunk.js';
import type { RecentOriginals } from './recent-originals.js';

/** Below the folder of the log. */
export const ORIGINALS_FOLDER = 'recent-originals';

const NAME = /^(\d{15})\.originals$/;
/** Before each write: these letters, its length, its checksum. */
const MAGIC = 0x4c47524f;
const FRAME_BYTES = 12;
/** How long a deleted text may stay in a file, while capture runs. */
const REWRITE_MS = 10 * 60_000;

/**
 * The files of the recent originals, beside the log. A file is a chunk; what a closed segment of the log added is appended in one
 * write and flushed before the segment goes. A torn write is cut off at the next start, and made again from the segment.
 */
export class OriginalsFiles {
  readonly #folder: string;
  readonly #originals: RecentOriginals;
  #savedSequence: number;
  #turn: Promise<unknown> = Promise.resolve();
  #rewrittenAt = performance.now();

  private constructor(folder: string, originals: RecentOriginals, savedSequence: number) {
    this.#folder = folder;
    this.#originals = originals;
    this.#savedSequence = savedSequence;
  }

  /**
   * Loads what the files hold.
   * @param folder - of the log.
   * @param originals - empty.
   * @returns the files, and how many bytes in them could not be read.
   */
  static async open(
    folder: string,
    originals: RecentOriginals,
  ): Promise<{ readonly files: OriginalsFiles; readonly lostBytes: number }> {
    const own = join(folder, ORIGINALS_FOLDER);
    const names = (await readdir(own).catch(() => [])).sort();
    let savedSequence = 0;
    let lostBytes = 0;
    for (const name of names) {
      const firstSequence = Number(NAME.exec(name)?.[1]);
      if (Number.isNaN(firstSequence)) {
        if (name.endsWith('.tmp')) await rm(join(own, name), { force: true });
        continue;
      }
      const file = await readFile(join(own, name));
      const { content, bytes } = wholeWrites(file);
      lostBytes += file.length - bytes;
      if (content.length === 0) {
        await rm(join(own, name), { force: true });
        continue;
      }
      const chunk = originals.load(firstSequence, content);
      chunk.saved = chunk.length;
      chunk.fileBytes = bytes;
      savedSequence = Math.max(savedSequence, lastSequence(content));
    }
    return { files: new OriginalsFiles(own, originals, savedSequence), lostBytes };
  }

  /** The last record of the log of which the files know, as far as they have to. */
  get savedSequence(): number {
    return this.#savedSequence;
  }

  /** Makes the records up to `sequence` durable. When it throws, it may be tried again. */
  save(sequence: number): Promise<void> {
    return this.#exclusive(async () => {
      for (const chunk of this.#originals.settle(sequence)) await rm(this.#path(chunk), { force: true });
      for (const chunk of this.#originals.chunks) {
        const end = chunk.endOf(sequence);
        if (end > chunk.saved) await this.#append(chunk, end);
      }
      this.#savedSequence = Math.max(this.#savedSequence, sequence);
    });
  }

  /** Takes erased texts out of the files, where that is due. */
  async tidy(): Promise<void> {
    if (performance.now() - this.#rewrittenAt < REWRITE_MS) return;
    await this.rewrite();
  }

  /** Takes erased texts out of the files. */
  rewrite(): Promise<void> {
    return this.#exclusive(async () => {
      for (const chunk of this.#originals.settle(this.#savedSequence)) await rm(this.#path(chunk), { force: true });
      for (const chunk of this.#originals.chunks) if (chunk.isStale) await this.#rewrite(chunk);
      this.#rewrittenAt = performance.now();
    });
  }

  async #append(chunk: OriginalsChunk, end: number): Promise<void> {
    const isNew = chunk.fileBytes === 0;
    if (isNew) await makeFolderDurably(this.#folder);
    const handle = await open(this.#path(chunk), isNew ? 'w' : 'r+');
    const content = framed(chunk.bytes(chunk.saved, end));
    try {
      // A write that failed may have left something.
      if (!isNew) await handle.truncate(chunk.fileBytes);
      await writeAll(handle, content, chunk.fileBytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    if (isNew) await syncFolder(this.#folder);
    chunk.fileBytes += content.length;
    chunk.saved = end;
  }

  async #rewrite(chunk: OriginalsChunk): Promise<void> {
    const temporary = `${this.#path(chunk)}.tmp`;
    const content = framed(chunk.bytes(0, chunk.saved));
    const handle = await open(temporary, 'w');
    try {
      await writeAll(handle, content, 0);
    } finally {
      await handle.close();
    }
    await publishFile(temporary, this.#path(chunk));
    chunk.fileBytes = content.length;
    chunk.isStale = false;
  }

  #path(chunk: OriginalsChunk): string {
    return join(this.#folder, `${sequenceName(chunk.firstSequence)}.originals`);
  }

  #exclusive(action: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function framed(content: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(content.length, 4);
  frame.writeUInt32LE(crc32(content), 8);
  return Buffer.concat([frame, content]);
}

/** What stands in a file up to the first write that is not whole, and the length of that. */
export function wholeWrites(file: Buffer): { readonly content: Buffer; readonly bytes: number } {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + FRAME_BYTES <= file.length && file.readUInt32LE(at) === MAGIC) {
    const end = at + FRAME_BYTES + file.readUInt32LE(at + 4);
    if (end > file.length) break;
    const content = file.subarray(at + FRAME_BYTES, end);
    if (crc32(content) !== file.readUInt32LE(at + 8)) break;
    parts.push(content);
    at = end;
  }
  return { content: Buffer.concat(parts), bytes: at };
}

function lastSequence(content: Buffer): number {
  let last = 0;
  for (const { sequence } of entriesIn(content, 0, content.length)) last = sequence;
  return last;
}
