import { setTimeout as sleep } from 'node:timers/promises';
import type { LakeWriter } from '@analytica/lake';
import type { OriginalsFiles } from '../originals/originals-files.js';
import type { Capture } from './capture.js';
import type { Maintenance } from '../sinks/lake/maintenance.js';
import type { LakeSink } from '../sinks/lake/lake-sink.js';
import type { SinkGroup } from '../sinks/sink-group.js';
import { retryStorage } from '../sinks/retry-storage.js';
import type { CaptureProgress } from '../status/capture-progress.js';
import type { Report } from '../status/events.js';
import { lakeFigures } from '../status/status-board.js';

const BEAT_MS = 250;
const MAINTENANCE_MS = 15_000;

export interface UpkeepParts {
  readonly capture: Capture;
  readonly lake: LakeWriter;
  readonly sinks: SinkGroup;
  readonly lakeSink: LakeSink;
  readonly originalsFiles: OriginalsFiles;
  readonly maintenance: Maintenance;
  readonly progress: CaptureProgress;
  readonly flushMs: number;
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
  /** Says what is wrong with the lake's disk, or null. */
  readonly problem: (sentence: string | null) => void;
  readonly report: Report;
}

/** What is done to the disk by the clock: flushes, the idle watermark, upkeep of the lake. */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #lastMaintenance = -Infinity;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Works until `signal` aborts. @throws what goes wrong with the log or the lake, but for a full disk. */
  async run(signal: AbortSignal): Promise<void> {
    const { capture, maintenance, sinks, progress, originalsFiles, lake, problem } = this.#parts;
    while (!signal.aborted) {
      sinks.check();
      await capture.noteSleep(signal);
      await capture.sealIfDue(signal);
      await this.#advanceWatermark(signal);
      await retryStorage(() => originalsFiles.tidy(), lake.root, problem, signal);
      const { state } = progress;
      if (state === 'LIVE' && !progress.isLive) await this.#becomeLive(signal);
      const now = performance.now();
      if (now - this.#lastMaintenance >= MAINTENANCE_MS && state !== 'FILLING' && state !== 'STARTING') {
        this.#lastMaintenance = now;
        maintenance.start(this.#parts.now(), signal);
      }
      await sleep(BEAT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #advanceWatermark(signal: AbortSignal): Promise<void> {
    const { capture, lake, flushMs, now, progress, problem } = this.#parts;
    await retryStorage(() => lake.lowerWatermark(now()), lake.root, problem, signal);
    const watermark = capture.idleWatermark();
    if (watermark === null) return;
    const { coverage, hasNews } = capture.unlistedCoverage();
    // After a replay the watermark stays, and with it the snapshot, so that results are found again.
    const isDue = !progress.hasNoLiveSource && watermark - lake.manifest.watermark >= flushMs;
    if (!isDue && !hasNews) return;
    const reached = isDue ? watermark : lake.manifest.watermark;
    await retryStorage(() => lake.advanceWatermark(reached, coverage), lake.root, problem, signal);
  }

  /** Reports once what was filled can be found. */
  async #becomeLive(signal: AbortSignal): Promise<void> {
    const { capture, lakeSink, lake, progress, report } = this.#parts;
    progress.isLive = true;
    await capture.seal(signal);
    await lakeSink.drain();
    report({ event: 'live', posts: lakeFigures(lake.manifest).posts });
  }
}
