import { type FileHandle, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { hourOf, makeFolderDurably, replaceFile, type Segment, sequenceName } from '@analytica/lake';
import { commitLine, NOTHING } from './commit-line.js';
import { isLater, type LogState } from './log-state.js';
import { type RecoveredSegment, recoverSegment } from './recover-segment.js';
import { writeAll } from './write-all.js';

/** A closed segment: its records go to every sink, and it is deleted after that. */
export interface SealedSegment extends Segment {
  /** Arrival time of its last batch, epoch ms. */
  readonly arrivedAt: number;
  /** On the disk. */
  readonly bytes: number;
}

export interface LogBatch {
  /** Whole lines of posts and tombstones, one chunk after the other. */
  readonly chunks: readonly Uint8Array[];
  readonly posts: number;
  readonly tombstones: number;
  /** The import that all its posts belong to; null for captured ones. */
  readonly importName: string | null;
}

export interface Recovery {
  readonly cutBytes: number;
  readonly cutLines: number;
}

/** A segment is called by the sequence of its first record. */
export const SEGMENT_NAME = /^(\d{15})\.ndjson$/;

/** Room that is kept for the next batch. */
const CONTENT_BYTES = 8 * 1024 * 1024;

interface OpenSegment {
  readonly path: string;
  readonly handle: FileHandle;
  readonly firstSeq: number;
  /** End of the last commit. */
  bytes: number;
  posts: number;
  tombstones: number;
  hour: number | null;
  /** Posts of each import. */
  readonly imports: Map<string, number>;
  openedAt: number;
}

/**
 * The write-ahead log: NDJSON segments named by their first sequence. A batch and the line that commits it (counters, cursors,
 * checksum) are one write and one fdatasync; a batch without its commit line never happened. Each segment begins with a commit
 * of nothing, so that the state outlives the segments before it. A segment holds one arrival hour.
 */
export class IngestLog {
  readonly recovery: Recovery;
  readonly #folder: string;
  #state: LogState;
  #open: OpenSegment;
  #turn: Promise<unknown> = Promise.resolve();
  /** After a failed write, bytes may stand behind the last commit. */
  #dirty = false;
  /** The last batch that was written, to be overwritten. */
  #content = Buffer.alloc(0);
  #sealing = 0;

  private constructor(folder: string, state: LogState, open: OpenSegment, recovery: Recovery) {
    this.#folder = folder;
    this.#state = state;
    this.#open = open;
    this.recovery = recovery;
  }

  /**
   * Opens the log in `folder`, cutting off what was never committed.
   * @param initial - the state to begin with where there is no log.
   * @param checkpoints - the last sequence that each sink has: segments that all of them have are deleted.
   * @throws AppError `LAKE_CORRUPT` when a segment is damaged in another way than a crash would: it stays as it is.
   * @returns the log, and the segments that a sink still lacks, oldest first.
   */
  static async open(
    folder: string,
    initial: LogState,
    checkpoints: readonly number[],
  ): Promise<{ log: IngestLog; sealed: SealedSegment[] }> {
    await makeFolderDurably(folder);
    const safeSeq = Math.min(...checkpoints);
    const names = (await readdir(folder)).sort();
    const last = await lastSegment(folder, names);
    const sealed: SealedSegment[] = [];
    let state = initial;
    let recovery: Recovery = { cutBytes: 0, cutLines: 0 };
    const done: string[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const firstSeq = Number(SEGMENT_NAME.exec(name)?.[1] ?? NaN);
      if (Number.isNaN(firstSeq)) {
        if (name.endsWith('.tmp')) await rm(path);
        continue;
      }
      const content = await readFile(path);
      const found = recoverSegment(content, name === last);
      recovery = {
        cutBytes: recovery.cutBytes + found.cutBytes,
        cutLines: recovery.cutLines + found.cutLines,
      };
      if (found.cutBytes > 0) await cutOff(path, content, found);
      if (found.state === null) {
        done.push(path);
        continue;
      }
      // A segment whose creation failed half-way may carry an older state than the one before it.
      if (isLater(found.state, state)) state = found.state;
      const { posts, tombstones, hour, imports } = found;
      const { lastSeq, arrivedAt } = found.state;
      if (hour === null || lastSeq <= safeSeq) done.push(path);
      else {
        const { bytes } = found;
        const coverage = found.state.coverage.unlisted;
        sealed.push({ path, firstSeq, lastSeq, hour, posts, tombstones, imports, arrivedAt, bytes, coverage });
      }
    }
    const lastSeq = Math.max(state.lastSeq, ...checkpoints);
    if (state.lastSeq < lastSeq) state = { ...state, lastSeq };
    // The new segment may take the place of one without records; it is safe before the others go.
    const fresh = await createSegment(folder, state);
    for (const path of done) if (path !== fresh.path) await rm(path, { force: true });
    return { log: new IngestLog(folder, state, fresh, recovery), sealed };
  }

  /** As of the last acknowledged batch. */
  get state(): LogState {
    return this.#state;
  }

  /** Bytes of the open segment, how many records it has, and when it was begun, by the clock that never jumps. */
  get openSegment(): { bytes: number; records: number; hour: number | null; openedAt: number } {
    const { bytes, posts, tombstones, hour, openedAt } = this.#open;
    return { bytes, records: posts + tombstones, hour, openedAt };
  }

  /**
   * Adds a batch and makes it durable. All or nothing: when it throws, nothing was added, and it may be tried again.
   * `state` is what holds once the batch is in.
   */
  append(batch: LogBatch, state: LogState): Promise<void> {
    return this.#exclusive(async () => {
      const segment = this.#open;
      const records = batch.posts + batch.tombstones;
      const hour = hourOf(state.arrivedAt);
      if (records > 0 && segment.hour !== null && segment.hour !== hour) {
        throw new Error('A segment holds one arrival hour: seal it first.');
      }
      if (state.lastSeq !== this.#state.lastSeq + records) throw new Error('The sequence does not match the batch.');
      const content = this.#pieced(batch.chunks, state);
      try {
        if (this.#dirty) await segment.handle.truncate(segment.bytes);
        this.#dirty = true;
        await writeAll(segment.handle, content, segment.bytes);
        await segment.handle.datasync();
        this.#dirty = false;
      } catch (error) {
        await segment.handle.truncate(segment.bytes).catch(() => undefined);
        throw error;
      }
      if (records > 0 && segment.hour === null) {
        segment.hour = hour;
        segment.openedAt = performance.now();
      }
      segment.bytes += content.length;
      segment.posts += batch.posts;
      if (batch.importName !== null && batch.posts > 0) {
        segment.imports.set(batch.importName, (segment.imports.get(batch.importName) ?? 0) + batch.posts);
      }
      segment.tombstones += batch.tombstones;
      this.#state = state;
    });
  }

  /** Whether a segment is being closed: its records are neither in the open segment nor in anyone's hands. */
  get isSealing(): boolean {
    return this.#sealing > 0;
  }

  /** Closes the open segment and begins the next. @returns the closed one, or null when it has no records. */
  seal(): Promise<SealedSegment | null> {
    this.#sealing += 1;
    return this.#exclusive(async () => {
      const old = this.#open;
      if (this.#dirty) {
        await old.handle.truncate(old.bytes);
        await old.handle.datasync();
        this.#dirty = false;
      }
      // Without records, the next segment has the same name: it takes this one's place.
      this.#open = await createSegment(this.#folder, this.#state);
      // All of it was flushed: an error of closing must not lose the segment.
      await old.handle.close().catch(() => undefined);
      if (old.hour === null) return null;
      return {
        path: old.path,
        firstSeq: old.firstSeq,
        lastSeq: this.#state.lastSeq,
        hour: old.hour,
        posts: old.posts,
        tombstones: old.tombstones,
        imports: old.imports,
        arrivedAt: this.#state.arrivedAt,
        bytes: old.bytes,
        coverage: this.#state.coverage.unlisted,
      };
    }).finally(() => (this.#sealing -= 1));
  }

  async close(): Promise<void> {
    await this.#exclusive(() => this.#open.handle.close());
  }

  /** A batch and its commit line in one piece, in a buffer that the next one overwrites. */
  #pieced(chunks: readonly Uint8Array[], state: LogState): Buffer {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#hold(bytes, 0);
    let at = 0;
    for (const chunk of chunks) {
      this.#content.set(chunk, at);
      at += chunk.length;
    }
    const commit = commitLine(this.#content.subarray(0, bytes), state);
    this.#hold(bytes + commit.length, bytes);
    this.#content.set(commit, bytes);
    return this.#content.subarray(0, bytes + commit.length);
  }

  /** Makes room for `bytes` and keeps the first `kept`. What one long batch needed is not held for ever. */
  #hold(bytes: number, kept: number): void {
    const isSpare = this.#content.length > CONTENT_BYTES && bytes <= CONTENT_BYTES;
    if (bytes <= this.#content.length && !isSpare) return;
    const next = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(2 * bytes, CONTENT_BYTES)));
    this.#content.copy(next, 0, 0, kept);
    this.#content = next;
  }

  #exclusive<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** Cuts off what follows the last whole commit, after a copy of it: nobody was told that it is safe, but it may be all there is. */
async function cutOff(path: string, content: Buffer, found: RecoveredSegment): Promise<void> {
  if (found.damage !== null) {
    throw new AppError(
      'LAKE_CORRUPT',
      `The log's segment ${path} is damaged behind byte ${String(found.bytes)}: ${found.damage}. ` +
        'Nothing was changed: restore the file, or run npm run lake -- repair, which keeps what is whole of it.',
    );
  }
  const copy = await open(`${path}.cut`, 'a');
  try {
    await copy.writeFile(content.subarray(found.bytes));
    await copy.sync();
  } finally {
    await copy.close();
  }
  const segment = await open(path, 'r+');
  try {
    await segment.truncate(found.bytes);
    await segment.sync();
  } finally {
    await segment.close();
  }
}

/** The last segment that holds anything: the one that a crash may have torn. */
async function lastSegment(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names.toReversed()) {
    if (SEGMENT_NAME.test(name) && (await stat(join(folder, name))).size > 0) return name;
  }
  return undefined;
}

async function createSegment(folder: string, state: LogState): Promise<OpenSegment> {
  const firstSeq = state.lastSeq + 1;
  const path = join(folder, `${sequenceName(firstSeq)}.ndjson`);
  const header = commitLine(NOTHING, state);
  await replaceFile(path, header.toString());
  const handle = await open(path, 'r+');
  return {
    path,
    handle,
    firstSeq,
    bytes: header.length,
    posts: 0,
    tombstones: 0,
    hour: null,
    imports: new Map(),
    openedAt: performance.now(),
  };
}
