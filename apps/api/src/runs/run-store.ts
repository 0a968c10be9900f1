import {
  AppError,
  type AnalysisProgress,
  type AnalysisSpec,
  ENGINE_NAMES,
  type EngineChoice,
  type EngineName,
  type IntervalPreset,
} from '@analytica/domain';
import { pack, unpack } from '../redis/blob.js';
import type { RedisClient } from '../redis/redis-client.js';
import type { Script } from '../redis/script.js';
import { analysisOf, cancelledState, eventOf, runOf } from './run-fields.js';
import { RunKeys } from './run-keys.js';
import {
  ANALYSIS_STATUSES,
  type AnalysisRecord,
  type AnalysisStatus,
  type RunError,
  type RunEvent,
  type RunRecord,
  type SnapshotSummary,
  type StoredFigures,
  type StoredRows,
} from './run-records.js';
import { ADVANCE, ATTACH, BEGIN, DETACH, FINISH, FORGET, RELEASE } from './run-scripts.js';

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

export type Detached = 'stopped' | 'detached' | 'already' | 'finished' | 'unknown';

/** More waiting runs of an engine than this are not taken in: whoever asked last would wait for hours. */
export const MAX_QUEUED = 200;

/** Tries to attach while others change the same question at the same moment: each try loses to one of them. */
const ATTACH_TRIES = 50;

export interface StartedRun {
  readonly attempt: number;
  readonly spec: AnalysisSpec;
  readonly snapshotId: string;
}

interface Result {
  readonly figures: StoredFigures;
  readonly rows: StoredRows;
}

/** Analyses, runs, their streams and results in Redis. */
export class RunStore {
  readonly #redis: RedisClient;
  readonly #ttlSeconds: number;
  readonly keys: RunKeys;

  /** @param ttlSeconds how long a result is kept. */
  constructor(redis: RedisClient, prefix: string, ttlSeconds: number) {
    this.#redis = redis;
    this.#ttlSeconds = ttlSeconds;
    this.keys = new RunKeys(prefix);
  }

  /** Attaches a new analysis to the run of its question, which is made where there is none. */
  async attach(analysis: NewAnalysis): Promise<Attached> {
    let attached = await this.#attach(analysis);
    if (attached.how === 'full' && (await this.#forgetExpired()) > 0) attached = await this.#attach(analysis);
    if (attached.how === 'new') await this.#forgetExpired();
    return attached;
  }

  /** @returns null for an id that does not exist, has expired or was never yours: they look the same from outside. */
  async analysis(id: string): Promise<AnalysisRecord | null> {
    const fields = await this.#redis.hgetall(this.keys.analysis(id));
    if (fields['run'] === undefined) return null;
    const run = await this.run(fields['run']);
    if (run === null) return null;
    const record = analysisOf(id, fields, run);
    if (record.detachedSeq === null) return record;
    const [event] = await this.events(run.id, record.detachedSeq - 1, 1);
    const state = event?.state ?? run.state;
    return { ...record, state: cancelledState(state, Number(fields['detachedAt'])) };
  }

  async run(id: string): Promise<RunRecord | null> {
    return runOf(id, await this.#redis.hgetall(this.keys.run(id)));
  }

  /** For how many seconds a run is kept yet; 0 for one that is gone. */
  async secondsLeft(runId: string): Promise<number> {
    return Math.max(0, await this.#redis.ttl(this.keys.run(runId)));
  }

  /** A run's events after `afterSeq`, in order. */
  async events(runId: string, afterSeq: number, count: number): Promise<readonly RunEvent[]> {
    const entries = await this.#redis.xrange(this.keys.events(runId), `(${afterSeq}-0`, '+', 'COUNT', count);
    return entries.map(([id, flat]) => eventOf(id, flat));
  }

  /** The number of a run's newest event; null for a run that is gone. */
  async lastSeq(runId: string): Promise<number | null> {
    const seq = await this.#redis.hget(this.keys.run(runId), 'seq');
    return seq === null ? null : Number(seq);
  }

  /** How many runs were asked of the same engine before this one and wait still; null when it does not wait. */
  async queuePosition({ id, engine }: Pick<RunRecord, 'id' | 'engine'>): Promise<number | null> {
    return this.#redis.zrank(this.keys.line(engine), id);
  }

  /** How many runs have each status, of those that are kept. */
  async countByStatus(now: number): Promise<ReadonlyMap<AnalysisStatus, number>> {
    const oldest = now - this.#ttlSeconds * 1_000;
    const counts = await Promise.all(
      ANALYSIS_STATUSES.map(async (status): Promise<[AnalysisStatus, number]> => [
        status,
        await this.#redis.zcount(this.keys.runsWithStatus(status), oldest, '+inf'),
      ]),
    );
    return new Map(counts);
  }

  /** A client wants no more. `stopped`: it was the last one, and the run is cancelled. */
  async detach(id: string, now: number): Promise<{ readonly how: Detached; readonly runId: string }> {
    const runId = await this.#redis.hget(this.keys.analysis(id), 'run');
    if (runId === null) return { how: 'unknown', runId: '' };
    const own = [this.keys.analysis(id), this.keys.partialFigures(id), this.keys.partialRows(id)];
    const keys = [...this.keys.ofRun(runId), ...own];
    const how = await this.#script(DETACH, keys, [runId, id, now, this.keys.cancelChannel]);
    return { how: how as Detached, runId };
  }

  /** The final figures, else the newest partial ones, else null. */
  async figures(analysis: AnalysisRecord, final: boolean): Promise<StoredFigures | null> {
    return final
      ? this.#blob<StoredFigures>([this.keys.figures(analysis.run.id)])
      : this.#blob<StoredFigures>(partialIds(analysis).map((id) => this.keys.partialFigures(id)));
  }

  async rows(analysis: AnalysisRecord, final: boolean): Promise<StoredRows | null> {
    return final
      ? this.#blob<StoredRows>([this.keys.rows(analysis.run.id)])
      : this.#blob<StoredRows>(partialIds(analysis).map((id) => this.keys.partialRows(id)));
  }

  /** @returns null when the run is over or gone: there is nothing to do. */
  async begin(runId: string, now: number): Promise<StartedRun | null> {
    const [attempt, spec, snapshot] = await this.#script(BEGIN, this.keys.ofRun(runId), [runId, now]);
    if (attempt === undefined || spec === undefined || snapshot === undefined) return null;
    const { id } = JSON.parse(snapshot) as SnapshotSummary;
    return { attempt, spec: JSON.parse(spec) as AnalysisSpec, snapshotId: id };
  }

  /** @returns false when the run was cancelled or taken over: stop working on it. */
  async advance(runId: string, attempt: number, progress: AnalysisProgress, partial: Result | null): Promise<boolean> {
    const [figures, rows] = await packed(partial);
    const args = [runId, attempt, JSON.stringify(progress), figures, rows, this.#ttlSeconds];
    return (await this.#script(ADVANCE, this.keys.ofRun(runId), args)) > 0;
  }

  /** @returns false when the run was cancelled or taken over: the result is not kept. */
  async succeed(
    runId: string,
    attempt: number,
    progress: AnalysisProgress | null,
    result: Result,
    now: number,
  ): Promise<boolean> {
    const last = progress === null ? '' : JSON.stringify(progress);
    return this.#finish(runId, [attempt, 'SUCCEEDED', last, '', now, this.#ttlSeconds, ...(await packed(result))]);
  }

  /** `attempt` null: whoever holds the run. */
  async fail(runId: string, attempt: number | null, error: RunError, now: number): Promise<boolean> {
    return this.#finish(runId, [attempt ?? '', 'FAILED', '', JSON.stringify(error), now, this.#ttlSeconds, '', '']);
  }

  /** Whoever asks the question of this key from now on gets a new run. Clients of this run keep it. */
  async forgetQuestion(key: string, runId: string): Promise<void> {
    const pointer = this.keys.runOfQuestion(key);
    if ((await this.#redis.get(pointer)) === runId) await this.#redis.del(pointer);
  }

  /** Gives a run back, so that another worker takes it. */
  async release(runId: string, attempt: number, now: number): Promise<void> {
    await this.#script(RELEASE, this.keys.ofRun(runId), [runId, attempt, now]);
  }

  /** Whether this attempt still holds the run. */
  async holds(runId: string, attempt: number): Promise<boolean> {
    const [status, current] = await this.#redis.hmget(this.keys.run(runId), 'status', 'attempt');
    return status === 'RUNNING' && current === String(attempt);
  }

  /** A script must name the keys that it touches: those of the run that is known by now are looked up first. */
  async #attach(analysis: NewAnalysis): Promise<Attached> {
    const { id, runId, idempotencyKey } = analysis;
    const pointer = this.keys.runOfQuestion(analysis.key);
    const idempotency = this.keys.idempotency(idempotencyKey ?? '');
    for (let tries = 0; tries < ATTACH_TRIES; tries++) {
      const [knownRun, [knownId, runOfKnown]] = await Promise.all([
        this.#redis.get(pointer),
        idempotencyKey === null ? [null, null] : this.#redis.hmget(idempotency, 'id', 'run'),
      ]);
      const keys = [
        ...this.keys.ofRun(knownRun ?? runId),
        ...this.keys.ofRun(runId),
        ...[pointer, idempotency, this.keys.analysis(id), this.keys.analysis(knownId ?? id)],
        this.keys.run(runOfKnown ?? runId),
      ];
      const [how, attachedId, attachedRun, status] = await this.#script(ATTACH, keys, [
        ...[knownRun ?? '', runId, analysis.key, id, analysis.now, this.#ttlSeconds],
        ...[analysis.topic, analysis.preset ?? '', JSON.stringify(analysis.spec), analysis.engine],
        ...[JSON.stringify(analysis.snapshot), analysis.engineChoice],
        ...[idempotencyKey ?? '', analysis.fingerprint, knownId ?? '', MAX_QUEUED],
      ]);
      if (how === 'moved') continue;
      if (how === 'conflict' || how === 'full') return { how };
      return { how: how === 'new' || how === 'known' ? how : 'attached', id: attachedId, runId: attachedRun, status };
    }
    throw new AppError('QUEUE_UNAVAILABLE', 'This question is asked by too many at this moment. Ask again.', {
      retryable: true,
    });
  }

  /** Takes runs that expired while they waited out of the lines. @returns how many. */
  async #forgetExpired(): Promise<number> {
    const waiting = await this.#redis.zrange(this.keys.runsWithStatus('QUEUED'), '0', '-1');
    const forgotten = await Promise.all(
      waiting.map(async (runId) => {
        if ((await this.#redis.hget(this.keys.run(runId), 'status')) === 'QUEUED') return 0;
        return this.#script(FORGET, this.keys.ofRun(runId), [runId]);
      }),
    );
    return forgotten.reduce((sum, count) => sum + count, 0);
  }

  async #finish(runId: string, args: readonly (string | number | Buffer)[]): Promise<boolean> {
    return (await this.#script(FINISH, this.keys.ofRun(runId), [runId, ...args])) > 0;
  }

  #script<Reply>(
    script: Script<Reply>,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<Reply> {
    return script.run(this.#redis, [...this.keys.sets(), ...keys], [STATUSES, ENGINES, this.keys.runChannel, ...args]);
  }

  async #blob<T>(keys: readonly string[]): Promise<T | null> {
    for (const key of keys) {
      const blob = await this.#redis.getBuffer(key);
      if (blob !== null) return unpack<T>(blob);
    }
    return null;
  }
}

const STATUSES = JSON.stringify(ANALYSIS_STATUSES);
const ENGINES = JSON.stringify(ENGINE_NAMES);

/** Where partial results of an analysis lie: a client who cancelled has a copy, where there was something to copy. */
function partialIds({ id, run, detachedSeq }: AnalysisRecord): readonly string[] {
  return detachedSeq === null ? [run.id] : [id, run.id];
}

async function packed(result: Result | null): Promise<[figures: Buffer | '', rows: Buffer | '']> {
  return result === null ? ['', ''] : [await pack(result.figures), await pack(result.rows)];
}
