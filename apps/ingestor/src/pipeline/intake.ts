import { setImmediate } from 'node:timers/promises';
import { hourOf } from '@analytica/lake';
import type { Cursor, RawBatch, Source } from '../sources/source.js';
import type { Preparer } from './preparer.js';
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
  readonly prepared: Promise<PreparedBatch>;
  /** Set once `prepared` is. */
  ready: PreparedBatch | null;
}

/** Reads a source ahead of the log, preparing batches meanwhile, in order, within bounds. */
export class Intake {
  readonly #source: Source;
  readonly #preparer: Preparer;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #waitingLines = 0;
  #takenLines = 0;
  #ended = false;
  #error: Error | null = null;
  #changed = Promise.withResolvers<undefined>();
  #started = false;

  constructor(source: Source, preparer: Preparer) {
    this.#source = source;
    this.#preparer = preparer;
  }

  /** Whether the source has given anything yet. */
  get started(): boolean {
    return this.#started;
  }

  /** Lines read that are not in the log yet. */
  get pendingLines(): number {
    return this.#waitingLines + this.#takenLines;
  }

  /** Reads until the source ends or `signal` aborts. Errors of the source come out of `take`, after all that came before. */
  async pump(resume: Cursor | null, signal: AbortSignal): Promise<void> {
    try {
      const iterator = this.#source.batches(resume, signal)[Symbol.asyncIterator]();
      const aborted = new Promise<null>((resolve) => {
        signal.addEventListener('abort', () => resolve(null), { once: true });
        if (signal.aborted) resolve(null);
      });
      for (;;) {
        const next = await Promise.race([iterator.next(), aborted]);
        if (next === null) {
          // The generator may hang in a read for ever; nobody waits for it.
          iterator.return?.().catch(() => undefined);
          break;
        }
        if (next.done === true) break;
        this.#add(next.value);
        // A source that computes its lines never waits: everyone else gets a turn here.
        await setImmediate();
        while (this.#isFull() && !signal.aborted) await Promise.race([this.#changed.promise, aborted]);
      }
    } catch (error) {
      if (!signal.aborted) this.#error = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#ended = true;
      this.#notify();
    }
  }

  /** What was taken is in the log. */
  logged(): void {
    this.#takenLines = 0;
  }

  /** The next batches, all of one arrival hour, as many as are ready and fit one commit; null after the last. */
  async take(): Promise<readonly PreparedBatch[] | null> {
    while (this.#waiting.length === 0) {
      if (this.#error !== null) throw this.#error;
      if (this.#ended) return null;
      await this.#changed.promise;
    }
    const batches: PreparedBatch[] = [];
    let records = 0;
    let bytes = 0;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const first = batches[0];
      if (first !== undefined) {
        const { ready } = next;
        if (ready === null || hourOf(ready.arrivedAt) !== hourOf(first.arrivedAt)) break;
        if (records + ready.ends.length > MAX_COMMIT_RECORDS || bytes + ready.bytes.length > MAX_COMMIT_BYTES) break;
      }
      const batch = await next.prepared;
      this.#waiting.shift();
      this.#waitingBytes -= next.rawBytes;
      this.#waitingLines -= next.rawLines;
      this.#takenLines += next.rawLines;
      batches.push(batch);
      records += batch.ends.length;
      bytes += batch.bytes.length;
    }
    this.#notify();
    return batches;
  }

  #add({ lines, arrivedAt, path, cursor }: RawBatch): void {
    this.#started = true;
    const rawBytes = lines.reduce((sum, line) => sum + line.length, 0);
    const { postSource: source, shiftMs, importName } = this.#source;
    const prepared = this.#preparer
      .prepare(lines, { arrivedAt, path, source, shiftMs, importName })
      .then((rows): PreparedBatch => ({ ...rows, arrivedAt, cursor }));
    const waiting: Waiting = { rawBytes, rawLines: lines.length, prepared, ready: null };
    prepared.then(
      (batch) => (waiting.ready = batch),
      () => undefined, // comes out of `take`
    );
    this.#waiting.push(waiting);
    this.#waitingBytes += rawBytes;
    this.#waitingLines += lines.length;
    this.#notify();
  }

  #isFull(): boolean {
    return this.#waiting.length >= MAX_WAITING_BATCHES || this.#waitingBytes >= MAX_WAITING_BYTES;
  }

  #notify(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve(undefined);
  }
}
