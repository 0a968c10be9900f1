import type { CoverageChange } from '@analytica/domain/contracts';
import { hourOf } from '@analytica/lake';
import type { DeadLetterFile } from '../dead-letters/dead-letter-file.js';
import type { NewChange } from '../gaps/changes.js';
import type { CoverageLedger } from '../gaps/coverage-ledger.js';
import type { SeenByOrigin } from '../dedupe/seen-posts.js';
import type { IngestLog } from '../log/ingest-log.js';
import type { RecentOriginals } from '../originals/recent-originals.js';
import type { LakeSink } from '../sinks/lake/lake-sink.js';
import { retryStorage } from '../sinks/retry-storage.js';
import type { SinkGroup } from '../sinks/sink-group.js';
import type { StatusBoard } from '../status/status-board.js';
import { type Commit, makeCommit } from './commit-batch.js';
import type { LogLimit } from './log-limit.js';
import type { RoundRobin, TakenBatches } from './round-robin.js';

/** A live source may hold a record for so long before it hands it over. */
const HANDOVER_MS = 1000;

export interface CaptureParts {
  readonly sources: RoundRobin;
  readonly log: IngestLog;
  readonly seen: SeenByOrigin;
  readonly originals: RecentOriginals;
  readonly deadLetters: DeadLetterFile;
  readonly sinks: SinkGroup;
  readonly lakeSink: LakeSink;
  readonly board: StatusBoard;
  readonly root: string;
  readonly flushBytes: number;
  readonly flushMs: number;
  /** Keeps when the sources captured. */
  readonly ledger: CoverageLedger;
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
  readonly report: (problem: string | null) => void;
  readonly logLimit: LogLimit;
}

/** The way of a prepared batch: duplicates out, dead letters safe, log, and from time to time a closed segment to the sinks. */
export class Capture {
  readonly #parts: CaptureParts;
  #sealing: Promise<void> = Promise.resolve();
  #appending: Promise<unknown> = Promise.resolve();
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

  /** States for each source that has nothing on its way that the machine slept, if it did. */
  async noteSleep(signal: AbortSignal): Promise<void> {
    const { sources, ledger } = this.#parts;
    const waiting = sources.runs.filter(({ source, intake }) => intake.isAllLogged && ledger.isSleepNews(source.name));
    for (const { source } of waiting) await this.note(() => ledger.sleepChanges(source.name), signal);
  }

  /** What is known of the times of capture that the lake may not list. `hasNews`: it is more than how far the sources have come. */
  unlistedCoverage(): { readonly coverage: readonly CoverageChange[]; readonly hasNews: boolean } {
    const { log, ledger } = this.#parts;
    const coverage = ledger.unlisted(log.state.coverage);
    return { coverage, hasNews: coverage.some(({ type }) => type !== 'reached') };
  }

  /** The arrival time up to which everything is in the lake while nothing is under way, or null while something is. */
  idleWatermark(): number | null {
    const { log, lakeSink } = this.#parts;
    if (this.#seals > 0 || log.isSealing) return null;
    if (log.openSegment.records > 0 || !lakeSink.isIdle || log.state.arrivedAt === 0) return null;
    return this.#watermark();
  }

  /**
   * Makes durable what is known of the times of capture without a batch.
   * @param changes - called once nothing else is on its way into the log.
   */
  async note(changes: () => readonly NewChange[], signal: AbortSignal): Promise<void> {
    const { log, ledger, flushBytes } = this.#parts;
    await this.#append(signal, () => {
      const news = changes();
      if (news.length === 0) return null;
      const state = { ...log.state, coverage: ledger.add(log.state.coverage, news) };
      return { batch: { chunks: [], posts: 0, tombstones: 0, importName: null }, state };
    });
    if (log.openSegment.bytes >= flushBytes) await this.seal(signal);
  }

  async #log({ run, batches }: TakenBatches, signal: AbortSignal): Promise<void> {
    const { log, seen, originals, deadLetters, ledger, board, root, report, flushBytes } = this.#parts;
    const { name } = run.source;
    const hour = hourOf(batches[0]?.arrivedAt ?? 0);
    if (log.openSegment.hour !== null && log.openSegment.hour !== hour) await this.seal(signal);
    for (const batch of batches) {
      const write = () => deadLetters.write(batch.deadLetters, name, batch.cursor, batch.arrivedAt);
      await retryStorage(write, root, report, signal);
    }
    const commit = await this.#append(signal, () => {
      const made = makeCommit(batches, log.state, run.source, seen, originals);
      const news = ledger.batchChanges(run.source, batches, made.storedByBatch);
      return { ...made, state: { ...made.state, coverage: ledger.add(log.state.coverage, news) } };
    });
    run.intake.logged();
    run.note(commit.span, commit.batch.posts);
    board.stored(commit.storedBySource, commit.recent, commit.hidden);
    if (log.openSegment.bytes >= flushBytes) await this.seal(signal);
  }

  /** One after the other, so that each state follows from the one before. */
  #append<C extends Pick<Commit, 'batch' | 'state'> | null>(signal: AbortSignal, make: () => C): Promise<C> {
    const { log, root, report } = this.#parts;
    const appending = this.#appending.then(async () => {
      const commit = make();
      if (commit !== null) await retryStorage(() => log.append(commit.batch, commit.state), root, report, signal);
      return commit;
    });
    this.#appending = appending.catch(() => undefined);
    return appending;
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
