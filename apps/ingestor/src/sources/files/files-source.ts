import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '@analytica/domain';
import type { SourceReport } from '@analytica/domain/contracts';
import { z } from 'zod';
import { latestCreatedAt } from '../../normalise/normalise-line.js';
import type { Cursor, RawBatch, Source } from '../source.js';
import { importNameOf } from './import-name.js';
import { linesOf, type LineGroup } from './file-lines.js';
import { openInputFiles, type InputFile } from './input-file.js';

const MAX_BATCH_LINES = 500;
const MAX_BATCH_BYTES = 1_048_576;

export interface ReplayOptions {
  /** Plain, gzip, bzip2 or zstd, told apart by their first bytes. */
  readonly files: readonly string[];
  /** Shifts all times so that the last post of all files is now; costs a first pass over the files. */
  readonly rebase: boolean;
  /** What the import is called; by its files where none is given. */
  readonly importName?: string | null;
  /** The wall clock, epoch ms. */
  readonly now?: () => number;
}

/**
 * The paths in `REPLAY_FILES`: a JSON array, or one path a line.
 * @throws AppError `CONFIG_INVALID`.
 */
export function readFileList(value: string): readonly string[] {
  const files = value.trimStart().startsWith('[')
    ? readJsonList(value)
    : value.split('\n').filter((line) => line.trim() !== '');
  if (files.length === 0) throw new AppError('CONFIG_INVALID', 'REPLAY_FILES is empty: name the files to read.');
  return files;
}

function readJsonList(value: string): readonly string[] {
  try {
    return z.array(z.string().min(1)).parse(JSON.parse(value));
  } catch (error) {
    throw new AppError('CONFIG_INVALID', 'REPLAY_FILES is neither a JSON array of paths nor one path a line.', {
      cause: error,
    });
  }
}

/**
 * Replays files of raw lines. What is wrong with a file is a problem of its status, and accounted for as a dead letter, too.
 * @throws AppError `SOURCE_UNREADABLE` at once where a file is missing, not readable or not text.
 */
export function createReplaySource(options: ReplayOptions): Source {
  const files = openInputFiles(options.files);
  const importName = options.importName ?? importNameOf(files.map(({ path }) => path));
  return new FileReplay(files, options.rebase, importName, options.now ?? Date.now);
}

/** The place after a record: the job (which files, in which state), the file's index, the records read of it. */
interface Place {
  readonly file: number;
  readonly record: number;
  readonly shiftMs: number;
}

class FileReplay implements Source {
  readonly name: string;
  readonly importName: string;
  readonly postSource = null;
  shiftMs = 0;
  readonly #files: readonly InputFile[];
  readonly #rebase: boolean;
  readonly #now: () => number;
  readonly #job: string;
  readonly #totalBytes: number;
  readonly #problems: string[] = [];
  #state: 'STARTING' | 'REPLAYING' | 'ENDED' = 'STARTING';
  #doneBytes = 0;
  #passes = 1;
  #lastArrival = 0;

  constructor(files: readonly InputFile[], rebase: boolean, importName: string, now: () => number) {
    this.importName = importName;
    this.#files = files;
    this.#rebase = rebase;
    this.#now = now;
    this.name = files.length === 1 ? 'replay of 1 file' : `replay of ${files.length} files`;
    this.#job = fingerprint(files, rebase);
    this.#totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  }

  status(): SourceReport {
    return { state: this.#state, problems: [...this.#problems], lagMs: null };
  }

  progress(): number {
    return this.#totalBytes === 0 ? 1 : Math.min(1, this.#doneBytes / (this.#totalBytes * this.#passes));
  }

  async *batches(resume: Cursor | null, signal: AbortSignal): AsyncGenerator<RawBatch> {
    this.#state = 'REPLAYING';
    this.#doneBytes = 0;
    const place = this.#placeOf(resume);
    if (place === null && this.#rebase) {
      this.#passes = 2;
      const latest = await this.#latestTime(signal);
      this.shiftMs = latest === null ? 0 : this.#now() - latest;
    } else {
      this.#passes = 1;
      this.shiftMs = place?.shiftMs ?? 0;
    }
    for (const [index, file] of this.#files.entries()) {
      if (signal.aborted) return;
      if (index < (place?.file ?? 0)) this.#doneBytes += file.size;
      else yield* this.#batchesOf(index, file, index === place?.file ? place.record : 0, signal);
    }
    this.#state = 'ENDED';
  }

  async *#batchesOf(index: number, file: InputFile, skip: number, signal: AbortSignal): AsyncGenerator<RawBatch> {
    let lines: Buffer[] = [];
    let bytes = 0;
    let record = 0;
    const take = (): RawBatch => {
      const batch = {
        lines,
        arrivedAt: this.#arrival(),
        path: 'replay',
        cursor: this.#cursorAt(index, record),
      } as const;
      lines = [];
      bytes = 0;
      return batch;
    };
    for await (const group of this.#counted(file, signal)) {
      if (group.problem !== null) this.#problems.push(group.problem);
      for (const line of group.lines) {
        if (record < skip) {
          record += 1;
          continue;
        }
        if (lines.length > 0 && bytes + line.length > MAX_BATCH_BYTES) yield take();
        if (signal.aborted) return;
        lines.push(line);
        bytes += line.length;
        record += 1;
        if (lines.length === MAX_BATCH_LINES) yield take();
      }
    }
    if (lines.length > 0 && !signal.aborted) yield take();
  }

  async #latestTime(signal: AbortSignal): Promise<number | null> {
    let latest: number | null = null;
    for (const file of this.#files) {
      for await (const { lines } of this.#counted(file, signal)) {
        for (const line of lines) {
          const time = latestCreatedAt(line, this.#now());
          if (time !== null && (latest === null || time > latest)) latest = time;
        }
        // A decompressed chunk follows the other without any I/O between them: others get their turn here.
        await setImmediate();
      }
    }
    return latest;
  }

  /** Counts what is read of a file, whose bytes a damaged one has read twice in part, and in the end all of it. */
  async *#counted(file: InputFile, signal: AbortSignal): AsyncGenerator<LineGroup> {
    const before = this.#doneBytes;
    const onRead = (bytes: number): void => {
      this.#doneBytes = Math.min(before + file.size, this.#doneBytes + bytes);
    };
    yield* linesOf(file, onRead, signal);
    this.#doneBytes = before + file.size;
  }

  #arrival(): number {
    this.#lastArrival = Math.max(this.#lastArrival, this.#now());
    return this.#lastArrival;
  }

  #cursorAt(file: number, record: number): Cursor {
    return { job: this.#job, import: this.importName, file, record, shiftMs: this.shiftMs };
  }

  /**
   * Null for a cursor of other files, of these in another state, or of another import: that replay starts at the beginning. The
   * version before named no imports in its cursors.
   */
  #placeOf(cursor: Cursor | null): Place | null {
    if (cursor === null || cursor['job'] !== this.#job) return null;
    if (cursor['import'] !== undefined && cursor['import'] !== this.importName) return null;
    const { file, record, shiftMs } = cursor;
    if (typeof file !== 'number' || typeof record !== 'number' || typeof shiftMs !== 'number') return null;
    return { file, record, shiftMs };
  }
}

function fingerprint(files: readonly InputFile[], rebase: boolean): string {
  const state = files.map(({ path, size, mtimeMs }) => [path, size, mtimeMs]);
  return createHash('sha256')
    .update(JSON.stringify([rebase, state]))
    .digest('hex')
    .slice(0, 32);
}
