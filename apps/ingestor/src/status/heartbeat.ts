import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '@analytica/domain';
import type { LakeWriter } from '@analytica/lake';
import type { IngestLog } from '../log/ingest-log.js';
import type { SourceRun } from '../pipeline/source-run.js';
import type { CaptureProgress } from './capture-progress.js';
import type { Report } from './events.js';
import type { StatusBoard } from './status-board.js';
import type { StatusPublisher } from './status-publisher.js';

export interface HeartbeatParts {
  readonly runs: readonly SourceRun[];
  readonly log: IngestLog;
  readonly lake: LakeWriter;
  readonly board: StatusBoard;
  readonly publisher: StatusPublisher;
  readonly progress: CaptureProgress;
  readonly report: Report;
}

/** Reports once a second how capture goes. It waits for nothing that may hang on the disk, so that a full one is reported, too. */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #lastStored: number;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#lastStored = parts.log.state.accounting.stored;
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

  async #second(seconds: number): Promise<void> {
    const { runs, log, board, lake, publisher, progress, report } = this.#parts;
    board.tick();
    const { state, share } = progress;
    board.sources = runs.map((run) => ({ name: run.source.name, ...run.status() }));
    board.progress = state === 'FILLING' || state === 'REPLAYING' ? share : null;
    const { stored } = log.state.accounting;
    if (share !== null) {
      const event = state === 'FILLING' ? 'fill-progress' : 'replay-progress';
      report({ event, progress: share, stored, perSecond: Math.round((stored - this.#lastStored) / seconds) });
    }
    this.#lastStored = stored;
    const pending = runs.reduce((sum, { intake }) => sum + intake.pendingLines, 0);
    await publisher.publish(board.snapshot(log.state.accounting, pending, lake.manifest, state));
  }
}
