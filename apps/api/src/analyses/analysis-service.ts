import { randomBytes } from 'node:crypto';
import { AppError, type AnalysisSpec } from '@analytica/domain';
import { PromiseCache } from '../promise-cache.js';
import type { EngineConfig } from '../config/engine-config.js';
import { withQueue } from '../redis/redis-connections.js';
import type { StartAnalysisInputModel, UserErrorModel } from './analysis-model.js';
import type { RunQueues } from '../runs/run-queues.js';
import { type AnalysisRecord, isTerminal, resultName, type StoredFigures } from '../runs/run-records.js';
import { type RunStore, MAX_QUEUED, type NewAnalysis } from '../runs/run-store.js';
import type { SnapshotStore } from '../runs/snapshot-store.js';
import { resolveEngine } from './engine-choice.js';
import { checkInput, inputFingerprint, readTopic, resolveInterval } from './question.js';
import { analysisKey } from '../runs/analysis-key.js';
import { type Snapshots, summarise } from '../lake/snapshots.js';

/** An expected outcome that the client can do something about. */
export type Outcome = { readonly analysis: AnalysisRecord } | { readonly userError: UserErrorModel };

/** How many unpacked results are kept for the subscribers of their runs. */
const FIGURES_KEPT = 32;

export interface AnalysisServiceParts {
  readonly store: RunStore;
  /** Where workers find the snapshots of questions. */
  readonly kept: SnapshotStore;
  readonly queues: RunQueues;
  readonly snapshots: Snapshots;
  readonly engines: EngineConfig;
}

/** Takes questions and reports their state. It only enqueues and reads: no engine runs here. */
export class AnalysisService {
  readonly #store: RunStore;
  readonly #kept: SnapshotStore;
  readonly #queues: RunQueues;
  readonly #snapshots: Snapshots;
  readonly #engines: EngineConfig;
  readonly #figures = new PromiseCache<StoredFigures | null>(FIGURES_KEPT);

  constructor({ store, kept, queues, snapshots, engines }: AnalysisServiceParts) {
    this.#store = store;
    this.#kept = kept;
    this.#queues = queues;
    this.#snapshots = snapshots;
    this.#engines = engines;
  }

  async start(input: StartAnalysisInputModel): Promise<Outcome> {
    const question = readTopic(input.topic);
    if ('error' in question) return { userError: question.error };
    const wrong = checkInput(input);
    if (wrong !== null) return { userError: wrong };
    let analysis: NewAnalysis;
    let keep: () => Promise<void>;
    try {
      const snapshot = await this.#snapshots.take();
      const spec: AnalysisSpec = {
        topic: question.topic,
        interval: resolveInterval(input.interval, snapshot.manifest.watermark),
        timeZone: input.timeZone,
        includeStopWords: input.includeStopWords,
        includeRetweetWords: input.includeRetweetWords,
      };
      const resolved = resolveEngine(input.engine ?? null, this.#engines, snapshot.manifest, spec.interval);
      if ('error' in resolved) return { userError: resolved.error };
      const { engine } = resolved;
      keep = () => this.#kept.keep(snapshot);
      analysis = {
        id: randomId(),
        runId: randomId(),
        key: analysisKey(spec, engine, snapshot.id),
        topic: input.topic,
        preset: input.interval.preset ?? null,
        spec,
        engine,
        engineChoice: input.engine ?? this.#engines.default,
        snapshot: summarise(snapshot),
        now: Date.now(),
        idempotencyKey: input.idempotencyKey ?? null,
        fingerprint: inputFingerprint(input),
      };
    } catch (error) {
      if (error instanceof AppError && error.code === 'LAKE_EMPTY') {
        return { userError: { code: error.code, message: error.message } };
      }
      throw error;
    }
    return withQueue(async () => {
      await keep();
      const attached = await this.#store.attach(analysis);
      if (attached.how === 'full') {
        return {
          userError: {
            code: 'QUEUE_FULL',
            message: `${String(MAX_QUEUED)} questions are waiting already. Ask again in a minute.`,
          },
        };
      }
      if (attached.how === 'conflict') {
        return {
          userError: {
            code: 'BAD_USER_INPUT',
            message: 'This idempotency key was used for another question.',
            field: 'idempotencyKey',
          },
        };
      }
      const record = await this.#find(attached.id);
      // Also for a run that exists already: the process that made it may have died before it enqueued it, or the job was lost.
      // Where the job is there, nothing happens; where it was lost, the new attempt fences the old one.
      if (attached.status === 'QUEUED' || attached.status === 'RUNNING') await this.#addJob(record);
      return { analysis: record };
    });
  }

  /** @throws AppError `NOT_FOUND`, `QUEUE_UNAVAILABLE`. */
  async get(id: string): Promise<AnalysisRecord> {
    return withQueue(() => this.#find(id));
  }

  async cancel(id: string): Promise<AnalysisRecord> {
    return withQueue(async () => {
      if (!isId(id)) throw notFound();
      const { how, runId } = await this.#store.detach(id, Date.now());
      if (how === 'unknown') throw notFound();
      if (how === 'stopped') await this.#queues.removeRun(runId);
      return this.#find(id);
    });
  }

  /** A client follows a run: where its job was lost, it gets another. */
  async ensureJob(analysis: AnalysisRecord): Promise<void> {
    if (isTerminal(analysis.state.status)) return;
    await withQueue(() => this.#addJob(analysis));
  }

  async queuePosition(analysis: AnalysisRecord): Promise<number | null> {
    if (analysis.state.status !== 'QUEUED') return null;
    return withQueue(() => this.#store.queuePosition(analysis.run));
  }

  /** The final figures of a run that succeeded; of any other the newest partial ones, if there are any. */
  async figures(analysis: AnalysisRecord): Promise<StoredFigures | null> {
    const final = analysis.state.status === 'SUCCEEDED';
    if (!final && analysis.state.partials === 0) return null;
    return this.#figures.get(resultName(analysis), () => withQueue(() => this.#store.figures(analysis, final)));
  }

  async #addJob({ run }: AnalysisRecord): Promise<void> {
    await this.#queues.addRun(run.id, run.engine);
  }

  async #find(id: string): Promise<AnalysisRecord> {
    const record = isId(id) ? await this.#store.analysis(id) : null;
    if (record === null) throw notFound();
    return record;
  }
}

/** 128 random bits: an id cannot be guessed, so who knows an analysis id may use the analysis. */
function randomId(): string {
  return randomBytes(16).toString('hex');
}

function isId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id);
}

function notFound(): AppError {
  return new AppError('NOT_FOUND', 'There is no such analysis, or it has expired. Ask again.');
}
