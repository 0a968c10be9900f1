import { hourOf } from '@analytica/lake';
import type { DeadLetterFile } from '../dead-letters/dead-letter-file.js';
import type { SeenByOrigin } from '../dedupe/seen-posts.js';
import type { IngestLog } from '../log/ingest-log.js';
import type { LakeSink } from '../sinks/lake/lake-sink.js';
import { retryStorage } from '../sinks/retry-storage.js';
import type { SinkGroup } from '../sinks/sink-group.js';
import type { StatusBoard } from '../status/status-board.js';
import { makeCommit } from './commit-batch.js';
import type { LogLimit } from './log-limit.js';
import type { RoundRobin, TakenBatches } from './round-robin.js';

/** A live source may hold a record for so long before it hands it over. */
const HANDOVER_MS = 1000;

export interface CaptureParts {
  readonly sources: RoundRobin;
  readonly log: IngestLog;
  readonly seen: SeenByOrigin;
  readonly deadLetters: DeadLetterFile;
  readonly sinks: SinkGroup;
  readonly lakeSink: LakeSink;
  readonly board: StatusBoard;
  readonly root: string;
  readonly flushBytes: number;
  readonly flushMs: number;
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
  readonly report: (problem: string | null) => void;
  readonly logLimit: LogLimit;
}

/** The way of a prepared batch: duplicates out, dead letters safe, log, and from time to time a closed segment to the sinks. */
export class Capture {
  readonly #parts: CaptureParts;
  #sealing: Promise<void> = Promise.resolve();
  #seals = 0;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** Logs what the sources give until all have ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { sources, sinks, logLimit } = this.#parts;
    for (let taken = await sources.take(); taken !== null; taken = await sources.take()) {
      await sinks.room();
      await logLimit.wait(() => this.seal(signal), signal);
      await this.#log(taken, signal);
    }
  }

  /** Closes the open segment and hands it to the sinks; one without records just begins anew, once it has grown. */
  seal(signal: AbortSignal): Promise<void> {
    this.#seals += 1;
    const sealing = this.#sealing.then(async () => {
      const { log, sinks, root, report, flushBytes, now } = this.#parts;
      if (log.openSegment.records === 0 && log.openSegment.bytes < flushBytes) return;
      const watermark = this.#watermark();
      const sealed = await retryStorage(() => log.seal(), root, report, signal);
      if (sealed === null) return;
      const arrivedAt = Math.max(watermark, Math.min(sealed.arrivedAt, now()));
      sinks.add(sealed, Math.min(arrivedAt, this.#oldestPending()));
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
    const { log, lakeSink } = this.#parts;
    if (this.#seals > 0 || log.isSealing) return null;
    if (log.openSegment.records > 0 || !lakeSink.isIdle || log.state.arrivedAt === 0) return null;
    return this.#watermark();
  }

  async #log({ run, batches }: TakenBatches, signal: AbortSignal): Promise<void> {
    const { log, seen, deadLetters, board, root, report, flushBytes } = this.#parts;
    const { name } = run.source;
    const hour = hourOf(batches[0]?.arrivedAt ?? 0);
    if (log.openSegment.hour !== null && log.openSegment.hour !== hour) await this.seal(signal);
    for (const batch of batches) {
      const write = () => deadLetters.write(batch.deadLetters, name, batch.cursor, batch.arrivedAt);
      await retryStorage(write, root, report, signal);
    }
    const commit = makeCommit(batches, log.state, run.source, seen);
    await retryStorage(() => log.append(commit.batch, commit.state), root, report, signal);
    run.intake.logged();
    run.note(commit.span, commit.batch.posts);
    board.stored(commit.storedBySource, commit.recent, commit.hidden);
    if (log.openSegment.bytes >= flushBytes) await this.seal(signal);
  }

  /**
   * All up to here is in the log: the last batch's arrival, or, when nothing waits in a live source, nearly now. A batch that arrived
   * in the future came while the clock was wrong: no more than now can be said.
   */
  #watermark(): number {
    const { sources, log } = this.#parts;
    const now = this.#parts.now();
    const arrivedAt = Math.min(log.state.arrivedAt, now);
    const running = sources.runs.filter((run) => !run.isOver);
    if (running.length > 0 && running.every((run) => run.isCaughtUp)) {
      return Math.max(arrivedAt, now - HANDOVER_MS);
    }
    return Math.min(arrivedAt, this.#oldestPending());
  }

  /** Arrival of the first batch that is not in the log yet: a slower source's may have come before the last one of a quicker. */
  #oldestPending(): number {
    return Math.min(...this.#parts.sources.runs.map(({ intake }) => intake.oldestPending));
  }
}
