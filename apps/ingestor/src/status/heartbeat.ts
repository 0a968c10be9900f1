import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '@analytica/domain';
import type { CaptureStatus, Gap } from '@analytica/domain/contracts';
import type { LakeWriter } from '@analytica/lake';
import type { IngestLog } from '../log/ingest-log.js';
import type { SourceRun } from '../pipeline/source-run.js';
import type { DeadLetterSamples } from '../dead-letters/dead-letter-samples.js';
import type { LogLimit } from '../pipeline/log-limit.js';
import type { CaptureProgress } from './capture-progress.js';
import type { DiskFigures } from './disk-figures.js';
import type { Report } from './events.js';
import { noteSources } from './source-notices.js';
import type { StatusBoard } from './status-board.js';
import type { StatusPublisher } from './status-publisher.js';

export interface HeartbeatParts {
  readonly runs: readonly SourceRun[];
  readonly log: IngestLog;
  readonly lake: LakeWriter;
  readonly board: StatusBoard;
  readonly publisher: StatusPublisher;
  readonly progress: CaptureProgress;
  /** Gaps of all sources as they are known by now. */
  readonly gaps: () => readonly Gap[];
  readonly report: Report;
  readonly logLimit: LogLimit;
  readonly deadLetters: DeadLetterSamples;
  readonly disk: DiskFigures;
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
}

/** Reports once a second how capture goes. It waits for nothing that may hang on the disk, so that a full one is reported, too. */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #lastStored: number;
  #latest: CaptureStatus | null = null;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#lastStored = parts.log.state.accounting.stored;
  }

  /** What was published last; null before the first. */
  get latest(): CaptureStatus | null {
    return this.#latest;
  }

  /** Beats until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let last = performance.now() - SECOND_MS;
    while (!signal.aborted) {
      const now = performance.now();
      await this.#second((now - last) / SECOND_MS);
      last = now;
      await sleep(SECOND_MS - ((performance.now() - now) % SECOND_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Puts on the board what other parts know of themselves. */
  #describe(): void {
    const { runs, log, lake, logLimit, deadLetters, disk, board, now } = this.#parts;
    disk.refresh(performance.now());
    board.sources = runs.map((run) => ({
      name: run.source.name,
      ...run.status(),
      perSecond: run.rates.perSecond,
    }));
    // What a source gives of the past has arrival times of the past.
    const waiting = runs.filter(({ intake }) => !intake.isBackfillPending);
    const oldestPending = Math.min(...waiting.map(({ intake }) => intake.oldestPending));
    board.log = {
      bytes: logLimit.bytes,
      maxBytes: logLimit.maxBytes,
      oldestPendingMs: oldestPending === Infinity ? null : Math.max(0, now() - oldestPending),
    };
    const { files, tombstones } = lake.manifest;
    const bytes = [...files, ...tombstones].reduce((sum, file) => sum + file.bytes, 0);
    board.lake = { bytes, freeBytes: disk.freeBytes };
    board.deadLetters = deadLetters.of(log.state.deadLetters);
  }

  async #second(seconds: number): Promise<void> {
    const { runs, log, board, lake, publisher, progress, report } = this.#parts;
    board.tick();
    for (const run of runs) run.rates.tick();
    const { state, share } = progress;
    this.#describe();
    noteSources(this.#parts);
    board.progress = state === 'FILLING' || state === 'REPLAYING' ? share : null;
    const { stored } = log.state.accounting;
    if (share !== null) {
      const event = state === 'FILLING' ? 'fill-progress' : 'replay-progress';
      report({ event, progress: share, stored, perSecond: Math.round((stored - this.#lastStored) / seconds) });
    }
    this.#lastStored = stored;
    const pending = runs.reduce((sum, { intake }) => sum + intake.pendingLines, 0);
    this.#latest = board.snapshot(log.state, pending, lake.manifest, state);
    await publisher.publish(this.#latest);
  }
}
