import { hourOf } from '@analytica/lake';
import { type DeadLetterFile } from '../dead-letters/dead-letter-file.js';
import type { SeenByOrigin } from '../dedupe/seen-posts.js';
import type { IngestLog } from '../log/ingest-log.js';
import { makeCommit } from './commit-batch.js';
import type { Intake } from './intake.js';
import type { PreparedBatch } from './prepared-batch.js';
import type { LakeSink } from '../sinks/lake/lake-sink.js';
import { retryStorage } from '../sinks/retry-storage.js';
import type { Source } from '../sources/source.js';
import type { StatusBoard } from '../status/status-board.js';

/** A live source may hold a record for so long before it hands it over. */
const HANDOVER_MS = 1000;

export interface CaptureParts {
  readonly source: Source;
  readonly intake: Intake;
  readonly log: IngestLog;
  readonly seen: SeenByOrigin;
  readonly deadLetters: DeadLetterFile;
  readonly sink: LakeSink;
  readonly board: StatusBoard;
  readonly root: string;
  readonly flushBytes: number;
  readonly flushMs: number;
  readonly tell: (problem: string | null) => void;
}

/** The way of a prepared batch: duplicates out, dead letters safe, log, and from time to time a closed segment to the lake. */
export class Capture {
  readonly #parts: CaptureParts;
  #from = Infinity;
  #to = -Infinity;
  #sealing: Promise<void> = Promise.resolve();
  #seals = 0;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** Least and greatest `created_at` seen in this run, duplicates too; null before the first post. */
  get span(): { readonly from: number; readonly to: number } | null {
    return this.#to < this.#from ? null : { from: this.#from, to: this.#to };
  }

  /** Logs what the intake gives until it ends. */
  async run(signal: AbortSignal): Promise<void> {
    const { intake, sink } = this.#parts;
    for (let batches = await intake.take(); batches !== null; batches = await intake.take()) {
      await sink.room();
      await this.#log(batches, signal);
    }
  }

  /** Closes the open segment and hands it to the lake; one without records just begins anew, once it has grown. */
  seal(signal: AbortSignal): Promise<void> {
    this.#seals += 1;
    const sealing = this.#sealing.then(async () => {
      const { log, sink, root, tell, flushBytes } = this.#parts;
      if (log.openSegment.records === 0 && log.openSegment.bytes < flushBytes) return;
      const watermark = this.#watermark();
      const sealed = await retryStorage(() => log.seal(), root, tell, signal);
      if (sealed !== null) sink.add(sealed, Math.max(watermark, sealed.arrivedAt));
    });
    this.#sealing = sealing.catch(() => undefined).finally(() => (this.#seals -= 1));
    return sealing;
  }

  /** Closes the segment when its time has come. */
  async sealIfDue(signal: AbortSignal): Promise<void> {
    const { log, flushMs } = this.#parts;
    if (log.openSegment.records > 0 && performance.now() - log.openSegment.openedAt >= flushMs) await this.seal(signal);
  }

  /** The arrival time up to which everything is in the lake while nothing is under way, or null while something is. */
  idleWatermark(): number | null {
    const { log, sink } = this.#parts;
    if (this.#seals > 0 || log.isSealing) return null;
    if (log.openSegment.records > 0 || !sink.isIdle || log.state.arrivedAt === 0) return null;
    return this.#watermark();
  }

  async #log(batches: readonly PreparedBatch[], signal: AbortSignal): Promise<void> {
    const { log, seen, source, intake, deadLetters, board, root, tell, flushBytes } = this.#parts;
    const hour = hourOf(batches[0]?.arrivedAt ?? 0);
    if (log.openSegment.hour !== null && log.openSegment.hour !== hour) await this.seal(signal);
    for (const batch of batches) {
      const write = () => deadLetters.write(batch.deadLetters, source.name, batch.cursor, batch.arrivedAt);
      await retryStorage(write, root, tell, signal);
    }
    const commit = makeCommit(batches, log.state, source, seen);
    await retryStorage(() => log.append(commit.batch, commit.state), root, tell, signal);
    intake.logged();
    board.stored(commit.storedBySource, commit.recent);
    if (commit.span !== null) {
      this.#from = Math.min(this.#from, commit.span.from);
      this.#to = Math.max(this.#to, commit.span.to);
    }
    if (log.openSegment.bytes >= flushBytes) await this.seal(signal);
  }

  /** All up to here is in the log: the last batch's arrival, or, when nothing waits in a live source, nearly now. */
  #watermark(): number {
    const { source, intake, log } = this.#parts;
    const isLive = source.progress() === null && intake.pendingLines === 0;
    return isLive ? Math.max(log.state.arrivedAt, Date.now() - HANDOVER_MS) : log.state.arrivedAt;
  }
}
