import {
  AppError,
  type AnalysisProgress,
  type AnalysisResult,
  notCaptured,
  type NotCaptured,
  type EngineName,
  resultHashMaterial,
} from '@analytica/domain';
import type { AnalysisEngine, AnalysisSink } from '@analytica/engine';
import {
  captureTimes,
  keepSnapshot,
  type LakeLocation,
  missingHours,
  pinSnapshot,
  type Snapshot,
} from '@analytica/lake';
import type { Log } from '../log.js';
import { analysisKey } from '../runs/analysis-key.js';
import { publicMessage } from '../runs/public-message.js';
import type { RunError, StoredFigures, StoredRows } from '../runs/run-records.js';
import type { RunStore, StartedRun } from '../runs/run-store.js';
import type { SnapshotStore } from '../runs/snapshot-store.js';
import { sha256 } from '../runs/hash.js';

/** Progress without a partial result is written at most this often: the stream keeps every event. */
const PROGRESS_MS = 150;
/** How often a worker asks whether it still holds a run: a cancel message is faster, but may be lost. */
const WATCH_MS = 1_000;

export type RunEnd = 'succeeded' | 'failed' | 'refused' | 'cancelled' | 'released';

const CANCELLED = 'cancelled';
const SHUTDOWN = 'shutdown';

export interface RunProcessorParts {
  readonly store: RunStore;
  readonly snapshots: SnapshotStore;
  readonly engine: AnalysisEngine;
  /** Where its pins go. */
  readonly lake: LakeLocation;
  readonly log: Log;
}

/** Runs analyses on an engine and writes what comes of them. One instance for each engine of a worker process. */
export class RunProcessor {
  readonly #store: RunStore;
  readonly #snapshots: SnapshotStore;
  readonly #engine: AnalysisEngine;
  readonly #lake: LakeLocation;
  readonly #log: Log;
  readonly #running = new Map<string, AbortController>();

  constructor({ store, snapshots, engine, lake, log }: RunProcessorParts) {
    this.#store = store;
    this.#snapshots = snapshots;
    this.#engine = engine;
    this.#lake = lake;
    this.#log = log;
  }

  get engine(): EngineName {
    return this.#engine.name;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** The last client has detached: the run is cancelled. */
  cancel(runId: string): void {
    this.#running.get(runId)?.abort(CANCELLED);
  }

  /** The process stops: runs are given back, so that another worker takes them. */
  releaseAll(): void {
    for (const controller of this.#running.values()) controller.abort(SHUTDOWN);
  }

  /**
   * @param lastTry Whether a failure is final.
   * @throws the engine's error, where it is retryable and this is not the last try.
   */
  async process(runId: string, lastTry: boolean): Promise<RunEnd> {
    const started = await this.#store.begin(runId, Date.now());
    if (started === null) return 'refused';
    const controller = new AbortController();
    this.#running.set(runId, controller);
    const watch = this.#watch(runId, started.attempt, controller);
    try {
      return await this.#run(runId, started, controller.signal);
    } catch (error) {
      return await this.#end(runId, started.attempt, controller.signal, error, lastTry);
    } finally {
      clearInterval(watch);
      if (this.#running.get(runId) === controller) this.#running.delete(runId);
    }
  }

  async #run(runId: string, started: StartedRun, signal: AbortSignal): Promise<RunEnd> {
    const startedAt = performance.now();
    const snapshot = await this.#snapshots.get(started.snapshotId);
    const pin = await pinSnapshot(this.#lake, snapshot, `${runId}-${started.attempt}`);
    try {
      const missing = notCaptured(captureTimes(snapshot.manifest), started.spec.interval, Date.now());
      const sink = new StoreSink(this.#store, runId, started.attempt, startedAt, missing);
      const result = await this.#engine.run(started.spec, snapshot, sink, signal);
      signal.throwIfAborted();
      await keepSnapshot(this.#lake, snapshot).catch((error: unknown) => {
        this.#log.warn({ runId, err: error }, 'the files behind a result are not kept');
      });
      const kept = await this.#store.succeed(
        runId,
        started.attempt,
        sink.lastProgress,
        split(result, performance.now() - startedAt, sha256(resultHashMaterial(result)), missing),
        Date.now(),
      );
      if (kept && isMoreMissing(result, started, snapshot)) {
        const key = analysisKey(started.spec, this.#engine.name, started.snapshotId);
        await this.#store.forgetQuestion(key, runId);
      }
      return kept ? 'succeeded' : 'refused';
    } finally {
      await pin.unpin();
    }
  }

  async #end(runId: string, attempt: number, signal: AbortSignal, error: unknown, lastTry: boolean): Promise<RunEnd> {
    if (signal.aborted && signal.reason === SHUTDOWN) {
      await this.#store.release(runId, attempt, Date.now());
      return 'released';
    }
    if (signal.aborted || (error instanceof AppError && error.code === 'CANCELLED')) return 'cancelled';
    const failure = publicError(error);
    this.#log.error({ runId, attempt, err: error }, 'a run failed');
    if (failure.retryable && !lastTry) throw error;
    return (await this.#store.fail(runId, attempt, failure, Date.now())) ? 'failed' : 'refused';
  }

  #watch(runId: string, attempt: number, controller: AbortController): NodeJS.Timeout {
    let asking = false;
    return setInterval(() => {
      if (asking) return;
      asking = true;
      this.#store
        .holds(runId, attempt)
        .then((held) => {
          if (!held) controller.abort(CANCELLED);
        })
        .catch(() => undefined) // Redis is away: the run goes on, what it writes waits
        .finally(() => {
          asking = false;
        });
    }, WATCH_MS);
  }
}

/**
 * Whether files could not be read that the snapshot lists as whole. Once they are back the snapshot has the same id: whoever asks then
 * must get a run of its own.
 */
function isMoreMissing(result: AnalysisResult, { spec }: StartedRun, { manifest }: Snapshot): boolean {
  const text = (hours: AnalysisResult['missingHours']): string =>
    hours.map(({ from, to, reason }) => `${from} ${to} ${reason}`).join('\n');
  return text(result.missingHours) !== text(missingHours(manifest, spec.interval));
}

/** Writes what the engine reports into the run's stream. */
class StoreSink implements AnalysisSink {
  readonly #store: RunStore;
  readonly #runId: string;
  readonly #attempt: number;
  /** By `performance.now`, as all times here: a wall clock that is set back must hold up no progress. */
  readonly #startedAt: number;
  readonly #missing: NotCaptured;

  lastProgress: AnalysisProgress | null = null;
  #writtenAt = -Infinity;

  constructor(store: RunStore, runId: string, attempt: number, startedAt: number, missing: NotCaptured) {
    this.#store = store;
    this.#runId = runId;
    this.#attempt = attempt;
    this.#startedAt = startedAt;
    this.#missing = missing;
  }

  async progress(progress: AnalysisProgress): Promise<void> {
    const turned = progress.waiting !== this.lastProgress?.waiting;
    this.lastProgress = progress;
    const now = performance.now();
    if (!turned && now - this.#writtenAt < PROGRESS_MS) return;
    this.#writtenAt = now;
    this.#held(await this.#store.advance(this.#runId, this.#attempt, progress, null));
  }

  async partial(result: AnalysisResult): Promise<void> {
    const now = performance.now();
    this.#writtenAt = now;
    const progress = this.lastProgress ?? {
      partitionsDone: 0,
      partitionsTotal: 0,
      matchedPosts: result.counts.posts,
      readFrom: null,
    };
    const partial = split(result, now - this.#startedAt, null, this.#missing);
    this.#held(await this.#store.advance(this.#runId, this.#attempt, progress, partial));
  }

  #held(held: boolean): void {
    if (!held) throw new AppError('CANCELLED', 'The run was cancelled or taken over.');
  }
}

function split(
  result: AnalysisResult,
  elapsedMs: number,
  hash: string | null,
  missing: NotCaptured,
): { readonly figures: StoredFigures; readonly rows: StoredRows } {
  const { newest, mostRetweeted, retweetedPosts = null, ...figures } = result;
  return {
    figures: { ...figures, hash, elapsedMs: Math.round(elapsedMs), notCaptured: missing },
    rows: { complete: result.complete, posts: result.counts.posts, retweetedPosts, newest, mostRetweeted },
  };
}

/** A failure as a client reads it. */
export function publicError(error: unknown): RunError {
  if (error instanceof AppError) return { code: error.code, message: publicMessage(error), retryable: error.retryable };
  return {
    code: 'ENGINE_FAILED',
    message: 'The engine failed on this question. Try again; if it fails again, the log of the worker says why.',
    retryable: true,
  };
}
