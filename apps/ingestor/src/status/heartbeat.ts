import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalLake } from '@analytica/lake';
import type { Capture } from '../capture.js';
import type { IngestLog } from '../log/ingest-log.js';
import type { Maintenance } from '../maintenance.js';
import type { Intake } from '../pipeline/intake.js';
import type { LakeSink } from '../sinks/lake-sink.js';
import type { Source } from '../source.js';
import type { Tell } from './events.js';
import { type CaptureState, lakeFigures, type StatusBoard } from './status-board.js';
import type { StatusPublisher } from './status-publisher.js';

const BEAT_MS = 250;
const SECOND_MS = 1000;
const MAINTENANCE_MS = 15_000;

export interface HeartbeatParts {
  readonly source: Source | null;
  readonly intake: Intake | null;
  readonly capture: Capture | null;
  readonly log: IngestLog;
  readonly lake: LocalLake;
  readonly sink: LakeSink;
  readonly board: StatusBoard;
  readonly publisher: StatusPublisher;
  readonly maintenance: Maintenance;
  readonly flushMs: number;
  readonly tell: Tell;
}

/** What happens by the clock: flushes, the idle watermark, the status once a second, upkeep of the lake. */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #isEnded: boolean;
  #isLive = false;
  #lastSecond = 0;
  #lastMaintenance = 0;
  #lastStored: number;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#isEnded = parts.source === null;
    this.#lastStored = parts.log.state.accounting.stored;
  }

  /** The source has ended and all of it is in the lake. */
  ended(): void {
    this.#isEnded = true;
  }

  /** Beats until `signal` aborts. @throws what goes wrong with the log or the lake. */
  async run(signal: AbortSignal): Promise<void> {
    const { capture, maintenance, sink } = this.#parts;
    while (!signal.aborted) {
      const now = Date.now();
      sink.check();
      await capture?.sealIfDue(now, signal);
      await this.#advanceWatermark();
      if (now - this.#lastSecond >= SECOND_MS) await this.#second(now, signal);
      const state = this.#state();
      if (now - this.#lastMaintenance >= MAINTENANCE_MS && state !== 'FILLING' && state !== 'STARTING') {
        this.#lastMaintenance = now;
        maintenance.start(now, signal);
      }
      await sleep(BEAT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #advanceWatermark(): Promise<void> {
    const { source, capture, lake, flushMs } = this.#parts;
    // After a replay the watermark stays, and with it the snapshot, so that results are found again.
    if (this.#isEnded || source === null || source.progress() !== null) return;
    const watermark = capture?.idleWatermark() ?? null;
    if (watermark !== null && watermark - lake.manifest.watermark >= flushMs) await lake.advanceWatermark(watermark);
  }

  async #second(now: number, signal: AbortSignal): Promise<void> {
    const { source, log, board, lake, intake, publisher, tell } = this.#parts;
    const seconds = this.#lastSecond === 0 ? 1 : (now - this.#lastSecond) / SECOND_MS;
    this.#lastSecond = now;
    board.tick();
    const state = this.#state();
    board.progress = state === 'FILLING' || state === 'REPLAYING' ? (source?.progress() ?? null) : null;
    const { stored } = log.state.accounting;
    if (board.progress !== null) {
      const event = state === 'FILLING' ? 'fill-progress' : 'replay-progress';
      tell({ event, progress: board.progress, stored, perSecond: Math.round((stored - this.#lastStored) / seconds) });
    }
    this.#lastStored = stored;
    const pending = intake?.pendingLines ?? 0;
    await publisher.publish(board.snapshot(log.state.accounting, pending, lake.manifest, state));
    if (state === 'LIVE' && !this.#isLive) await this.#becomeLive(signal);
  }

  /** Told once what was filled can be found. */
  async #becomeLive(signal: AbortSignal): Promise<void> {
    const { capture, sink, lake, tell } = this.#parts;
    this.#isLive = true;
    await capture?.seal(signal);
    await sink.drain();
    tell({ event: 'live', posts: lakeFigures(lake.manifest).posts });
  }

  #state(): CaptureState {
    const { source, intake } = this.#parts;
    if (source === null || this.#isEnded) return 'IDLE';
    const progress = source.progress();
    const isFilling = source.postSource === 'demo';
    if (progress !== null)
      return intake?.started === true || !isFilling ? (isFilling ? 'FILLING' : 'REPLAYING') : 'STARTING';
    // The source may have filled all, while the log has not.
    if (isFilling && !this.#isLive && (intake?.pendingLines ?? 0) > 0) return 'FILLING';
    return 'LIVE';
  }
}
