import { setImmediate } from 'node:timers/promises';
import { hourOf } from '@analytica/lake';
import type { Cursor, RawBatch, Source } from '../sources/source.js';
import type { Preparer } from './preparer.js';
import { untilAborted } from './until-aborted.js';
import type { PreparedBatch } from './prepared-batch.js';

/** How far the source is read ahead of the log. */
const MAX_WAITING_BATCHES = 16;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** What goes into one commit at most, and so into one fdatasync. */
const MAX_COMMIT_RECORDS = 2000;
const MAX_COMMIT_BYTES = 8 * 1024 * 1024;

interface Waiting {
  readonly rawBytes: number;
  readonly rawLines: number;
  readonly arrivedAt: number;
  readonly isBackfill: boolean;
  /** Null while it is being prepared. */
  outcome: { readonly batch: PreparedBatch } | { readonly error: unknown } | null;
}

/** Reads one source ahead of the log, preparing batches meanwhile, in order, within bounds. */
export class Intake {
  readonly #source: Source;
  readonly #preparer: Preparer;
  readonly #onChange: () => void;
  readonly #languages: readonly string[];
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #waitingLines = 0;
  /** Taken, and not in the log yet. */
  #taken: PreparedBatch[] = [];
  #takenLines = 0;
  /** Arrival of the first batch that was taken and is not in the log yet; Infinity without one. */
  #takenArrival = Infinity;
  #takenBackfill = false;
  #ended = false;
  #batches = 0;
  #changed = Promise.withResolvers<undefined>();

  /**
   * @param onChange - called when there is something to take, or no more will come.
   * @param languages - of posts that are kept, where they are captured; none: all. What an import brings is kept whole.
   */
  constructor(source: Source, preparer: Preparer, onChange: () => void, languages: readonly string[] = []) {
    this.#source = source;
    this.#preparer = preparer;
    this.#onChange = onChange;
    this.#languages = source.importName === null ? languages : [];
  }

  /** How many batches the source has given. */
  get batches(): number {
    return this.#batches;
  }

  /** Lines read that are not in the log yet. */
  get pendingLines(): number {
    return this.#waitingLines + this.#takenLines;
  }

  /** Arrival time of the oldest batch that is not in the log yet, epoch ms; Infinity without one. */
  get oldestPending(): number {
    return Math.min(this.#takenArrival, this.#waiting[0]?.arrivedAt ?? Infinity);
  }

  /** Whether posts of the past are among those that are not in the log yet. */
  get isBackfillPending(): boolean {
    return this.#takenBackfill || this.#waiting.some(({ isBackfill }) => isBackfill);
  }

  /** Whether `take` has something to give, or to throw. */
  get isReady(): boolean {
    return this.#waiting[0]?.outcome != null;
  }

  /** Whether nothing is left and no more will come. */
  get isOver(): boolean {
    return this.#ended && this.#waiting.length === 0;
  }

  /**
   * Reads until the source ends or `signal` aborts. It may be called again after it threw.
   * @param onBatch - called for each batch.
   * @throws what the source throws; what it gave before can still be taken.
   */
  async pump(resume: Cursor | null, signal: AbortSignal, onBatch: () => void = () => undefined): Promise<void> {
    const iterator = this.#source.batches(resume, signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await untilAborted(iterator.next(), signal);
        if (next === null) {
          // The generator may hang in a read for ever; nobody waits for it.
          iterator.return?.().catch(() => undefined);
          return;
        }
        if (next.done === true) return;
        this.#add(next.value);
        onBatch();
        // A source that computes its lines never waits: everyone else gets a turn here.
        await setImmediate();
        while (this.#isFull() && !signal.aborted) await untilAborted(this.#changed.promise, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** States that no more will come. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Whether all that was read is in the log, batches without lines too. */
  get isAllLogged(): boolean {
    return this.#waiting.length === 0 && this.#takenArrival === Infinity;
  }

  /** Waits until all that was read is in the log, or `signal` aborts. */
  async allLogged(signal: AbortSignal): Promise<void> {
    while (!this.isAllLogged && !signal.aborted) await untilAborted(this.#changed.promise, signal);
  }

  /** What was taken is in the log. */
  logged(): void {
    for (const batch of this.#taken) this.#preparer.free(batch);
    this.#taken = [];
    this.#takenLines = 0;
    this.#takenArrival = Infinity;
    this.#takenBackfill = false;
    this.#notify();
  }

  /**
   * The next batches, all of one arrival hour, as many as are ready and fit one commit; none where none is ready.
   * @throws what went wrong while the first of them was prepared.
   */
  take(): readonly PreparedBatch[] {
    const batches: PreparedBatch[] = [];
    let records = 0;
    let bytes = 0;
    for (let next = this.#waiting[0]; next?.outcome != null; next = this.#waiting[0]) {
      const first = batches[0];
      if ('error' in next.outcome) {
        if (first !== undefined) break;
        throw next.outcome.error;
      }
      const { batch } = next.outcome;
      if (first !== undefined) {
        if (hourOf(batch.arrivedAt) !== hourOf(first.arrivedAt)) break;
        if (records + batch.ends.length > MAX_COMMIT_RECORDS || bytes + batch.bytes.length > MAX_COMMIT_BYTES) break;
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.rawBytes;
      this.#waitingLines -= next.rawLines;
      this.#takenLines += next.rawLines;
      this.#takenArrival = Math.min(this.#takenArrival, batch.arrivedAt);
      this.#takenBackfill ||= next.isBackfill;
      batches.push(batch);
      this.#taken.push(batch);
      records += batch.ends.length;
      bytes += batch.bytes.length;
    }
    this.#notify();
    return batches;
  }

  #add({ lines, arrivedAt, path, cursor, handles, coverage = [] }: RawBatch): void {
    this.#batches += 1;
    const rawBytes = lines.reduce((sum, line) => sum + line.length, 0);
    const isBackfill = path === 'backfill';
    const waiting: Waiting = { rawBytes, rawLines: lines.length, arrivedAt, isBackfill, outcome: null };
    const { postSource: source, shiftMs, importName } = this.#source;
    void this.#preparer
      .prepare(lines, { arrivedAt, path, source, shiftMs, importName, languages: this.#languages, handles })
      .then(
        (rows) => (waiting.outcome = { batch: { ...rows, arrivedAt, cursor, isLive: path === 'stream', coverage } }),
        (error: unknown) => (waiting.outcome = { error }),
      )
      .then(() => {
        if (waiting === this.#waiting[0]) this.#notify();
      });
    this.#waiting.push(waiting);
    this.#waitingBytes += rawBytes;
    this.#waitingLines += lines.length;
  }

  #isFull(): boolean {
    return this.#waiting.length >= MAX_WAITING_BATCHES || this.#waitingBytes >= MAX_WAITING_BYTES;
  }

  #notify(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve(undefined);
    this.#onChange();
  }
}
