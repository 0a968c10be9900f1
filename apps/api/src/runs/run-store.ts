import {
  type AnalysisProgress,
  type AnalysisSpec,
  AppError,
  type EngineChoice,
  type EngineName,
  type IntervalPreset,
} from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import type { Redis } from 'ioredis';
import { pack, unpack } from '../redis/blob.js';
import {
  ANALYSIS_STATUSES,
  type AnalysisRecord,
  type AnalysisStatus,
  type RunError,
  type RunEvent,
  type RunRecord,
  type RunState,
  type SnapshotSummary,
  type StoredFigures,
  type StoredRows,
} from './run-records.js';
import { defineScripts } from './run-scripts.js';

/** A question on its way in. */
export interface NewAnalysis {
  readonly id: string;
  readonly runId: string;
  readonly key: string;
  readonly topic: string;
  readonly preset: IntervalPreset | null;
  readonly spec: AnalysisSpec;
  readonly engine: EngineName;
  readonly engineChoice: EngineChoice;
  readonly snapshot: SnapshotSummary;
  readonly now: number;
  readonly idempotencyKey: string | null;
  /** Of the input: the same idempotency key with another input is a mistake. */
  readonly fingerprint: string;
}

export type Attached =
  | { readonly how: 'new' | 'attached' | 'known'; readonly id: string; readonly runId: string; readonly status: string }
  | { readonly how: 'conflict' }
  | { readonly how: 'full' };

/** More waiting runs of an engine than this are not taken in: whoever asked last would wait for hours. */
export const MAX_QUEUED = 200;

export interface StartedRun {
  readonly attempt: number;
  readonly spec: AnalysisSpec;
  readonly snapshotId: string;
}

/** Analyses, runs, their streams and results in Redis. The only place that knows the keys. */
export class RunStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #ttlSeconds: number;

  readonly #packed = new WeakMap<Snapshot, Promise<Buffer>>();

  constructor(redis: Redis, prefix: string, ttlSeconds: number) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#ttlSeconds = ttlSeconds;

    defineScripts(redis);
  }

  get runChannel(): string {
    return `${this.#prefix}run`;
  }

  get cancelChannel(): string {
    return `${this.#prefix}cancel`;
  }

  /** Keeps a snapshot for the workers as long as the analyses that use it. Written anew each time: its root may have moved. */
  async keepSnapshot(snapshot: Snapshot): Promise<void> {
    let packed = this.#packed.get(snapshot);
    if (packed === undefined) {
      packed = pack(snapshot);
      this.#packed.set(snapshot, packed);
    }
    await this.#redis.set(`${this.#prefix}snapshot:${snapshot.id}`, await packed, 'EX', this.#ttlSeconds * 2);
  }

  async findSnapshot(id: string): Promise<Snapshot | null> {
    const blob = await this.#redis.getBuffer(`${this.#prefix}snapshot:${id}`);
    return blob === null ? null : unpack<Snapshot>(blob);
  }

  /** @throws AppError `NOT_FOUND`. */
  async snapshot(id: string): Promise<Snapshot> {
    const snapshot = await this.findSnapshot(id);
    if (snapshot === null) throw new AppError('NOT_FOUND', 'The snapshot of this analysis has expired. Ask again.');
    return snapshot;
  }

  async attach(analysis: NewAnalysis): Promise<Attached> {
    const [how, id, runId, status] = await this.#redis.analysisAttach(
      this.#prefix,
      analysis.key,
      analysis.runId,
      analysis.id,
      analysis.now,
      this.#ttlSeconds,
      analysis.topic,
      analysis.preset ?? '',
      JSON.stringify(analysis.spec),
      analysis.engine,
      JSON.stringify(analysis.snapshot),
      analysis.idempotencyKey ?? '',
      analysis.fingerprint,
      MAX_QUEUED,
      analysis.engineChoice,
    );
    if (how === 'conflict' || how === 'full') return { how };
    return { how: how === 'new' || how === 'known' ? how : 'attached', id, runId, status };
  }

  /** @returns null for an id that does not exist, has expired or was never yours: they look the same from outside. */
  async analysis(id: string): Promise<AnalysisRecord | null> {
    const own = await this.#redis.hgetall(`${this.#prefix}analysis:${id}`);
    if (own['run'] === undefined) return null;
    const run = await this.run(own['run']);
    if (run === null) return null;
    const detachedSeq = own['detachedSeq'] === undefined ? null : Number(own['detachedSeq']);
    const record: AnalysisRecord = {
      id,
      topic: own['topic'] ?? '',
      preset: own['preset'] === '' ? null : ((own['preset'] ?? null) as IntervalPreset | null),
      engineChoice: (own['engineChoice'] ?? run.engine) as EngineChoice,
      createdAt: Number(own['createdAt']),
      run,
      state: run.state,
      detachedSeq,
    };
    if (detachedSeq === null) return record;
    const [event] = await this.events(run.id, detachedSeq - 1, 1);
    const state = event?.state ?? run.state;
    return { ...record, state: cancelledState(state, Number(own['detachedAt'])) };
  }

  async run(id: string): Promise<RunRecord | null> {
    const fields = await this.#redis.hgetall(`${this.#prefix}run:${id}`);
    if (fields['status'] === undefined) return null;
    return {
      id,
      spec: JSON.parse(fields['spec'] ?? '') as AnalysisSpec,
      engine: (fields['engine'] ?? 'embedded') as EngineName,
      snapshot: JSON.parse(fields['snapshot'] ?? '') as SnapshotSummary,
      state: stateOf(fields),
    };
  }

  /** A run's events after `afterSeq`, in order. */
  async events(runId: string, afterSeq: number, count: number): Promise<readonly RunEvent[]> {
    const entries = await this.#redis.xrange(`${this.#prefix}events:${runId}`, `(${afterSeq}-0`, '+', 'COUNT', count);
    return entries.map(([id, flat]) => {
      const fields: Record<string, string> = {};
      for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
      return {
        seq: Number.parseInt(id, 10),
        state: stateOf(fields),
        detached: fields['detached'] === '' ? null : (fields['detached'] ?? null),
      };
    });
  }

  /** The number of a run's newest event; null for a run that is gone. */
  async lastSeq(runId: string): Promise<number | null> {
    const seq = await this.#redis.hget(`${this.#prefix}run:${runId}`, 'seq');
    return seq === null ? null : Number(seq);
  }

  /** How many runs were asked of the same engine before this one and wait still; null when it does not wait. */
  async queuePosition({ id, engine }: Pick<RunRecord, 'id' | 'engine'>): Promise<number | null> {
    return this.#redis.zrank(`${this.#prefix}line:${engine}`, id);
  }

  /** How many runs have each status, of those that are kept. */
  async countByStatus(now: number): Promise<ReadonlyMap<AnalysisStatus, number>> {
    const oldest = now - this.#ttlSeconds * 1_000;
    const counts = await Promise.all(
      ANALYSIS_STATUSES.map(async (status): Promise<[AnalysisStatus, number]> => [
        status,
        await this.#redis.zcount(`${this.#prefix}runs:${status}`, oldest, '+inf'),
      ]),
    );
    return new Map(counts);
  }

  async detach(id: string, now: number): Promise<{ how: string; runId: string }> {
    const [how, runId] = await this.#redis.analysisDetach(this.#prefix, id, now);
    return { how, runId };
  }

  /** The final figures, else the newest partial ones, else null. */
  async figures(analysis: AnalysisRecord, final: boolean): Promise<StoredFigures | null> {
    return this.#blob<StoredFigures>(analysis, final ? 'figures:' : 'partial:');
  }

  async rows(analysis: AnalysisRecord, final: boolean): Promise<StoredRows | null> {
    return this.#blob<StoredRows>(analysis, final ? 'rows:' : 'partial-rows:');
  }

  /** @returns null when the run is over or gone: there is nothing to do. */
  async begin(runId: string, now: number): Promise<StartedRun | null> {
    const [attempt, spec, snapshot] = await this.#redis.analysisBegin(this.#prefix, runId, now);
    if (attempt === undefined || spec === undefined || snapshot === undefined) return null;
    const { id } = JSON.parse(snapshot) as SnapshotSummary;
    return { attempt, spec: JSON.parse(spec) as AnalysisSpec, snapshotId: id };
  }

  /** @returns false when the run was cancelled or taken over: stop working on it. */
  async advance(
    runId: string,
    attempt: number,
    progress: AnalysisProgress,
    partial: { readonly figures: StoredFigures; readonly rows: StoredRows } | null,
  ): Promise<boolean> {
    const figures = partial === null ? '' : await pack(partial.figures);
    const rows = partial === null ? '' : await pack(partial.rows);
    const seq = await this.#redis.analysisAdvance(
      this.#prefix,
      runId,
      attempt,
      JSON.stringify(progress),
      figures,
      rows,
      this.#ttlSeconds,
    );
    return seq > 0;
  }

  async succeed(
    runId: string,
    attempt: number,
    progress: AnalysisProgress | null,
    result: { readonly figures: StoredFigures; readonly rows: StoredRows },
    now: number,
  ): Promise<boolean> {
    const seq = await this.#redis.analysisFinish(
      this.#prefix,
      runId,
      attempt,
      'SUCCEEDED',
      progress === null ? '' : JSON.stringify(progress),
      '',
      now,
      this.#ttlSeconds,
      await pack(result.figures),
      await pack(result.rows),
    );
    return seq > 0;
  }

  /** `attempt` null: whoever holds the run. */
  async fail(runId: string, attempt: number | null, error: RunError, now: number): Promise<boolean> {
    const seq = await this.#redis.analysisFinish(
      this.#prefix,
      runId,
      attempt ?? '',
      'FAILED',
      '',
      JSON.stringify(error),
      now,
      this.#ttlSeconds,
      '',
      '',
    );
    return seq > 0;
  }

  async release(runId: string, attempt: number, now: number): Promise<void> {
    await this.#redis.analysisRelease(this.#prefix, runId, attempt, now);
  }

  /** Whether this attempt still holds the run. */
  async holds(runId: string, attempt: number): Promise<boolean> {
    const [status, current] = await this.#redis.hmget(`${this.#prefix}run:${runId}`, 'status', 'attempt');
    return status === 'RUNNING' && current === String(attempt);
  }

  async #blob<T>(analysis: AnalysisRecord, name: string): Promise<T | null> {
    const keys = [`${this.#prefix}${name}${analysis.run.id}`];
    if (analysis.detachedSeq !== null) keys.unshift(`${this.#prefix}${name}${analysis.id}`);
    for (const key of keys) {
      const blob = await this.#redis.getBuffer(key);
      if (blob !== null) return unpack<T>(blob);
    }
    return null;
  }
}

/** The state of an asker who cancelled, made from the run's state at that moment. */
export function cancelledState(state: RunState, finishedAt: number | null): RunState {
  return { ...state, status: 'CANCELLED', finishedAt: state.finishedAt ?? finishedAt };
}

function stateOf(fields: Readonly<Record<string, string>>): RunState {
  const json = (name: string): unknown => {
    const value = fields[name];
    return value === undefined || value === '' ? null : JSON.parse(value);
  };
  return {
    status: (fields['status'] ?? 'QUEUED') as AnalysisStatus,
    progress: json('progress') as AnalysisProgress | null,
    startedAt: json('startedAt') as number | null,
    finishedAt: json('finishedAt') as number | null,
    error: json('error') as RunError | null,
    partials: Number(fields['partials'] ?? 0),
  };
}
