import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalysisEngine } from '@analytica/engine';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import type { Channels } from '../redis/channels.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import type { RunJob } from '../runs/jobs.js';
import type { RunStore } from '../runs/run-store.js';
import { openClusterEngine } from './cluster-engine.js';
import { openEngine } from './embedded-engine.js';
import type { EngineWorker } from './engine-worker.js';
import { startProbes, type Probes } from './probes.js';
import type { WorkerMetrics } from './worker-metrics.js';

/** How long a stopping worker lets its runs finish before it gives them back. */
const GRACE_MS = 3_000;
/** How long giving runs back may take, and then closing an engine. */
export const CLOSE_MS = 2_500;

/** Engines that are there already, instead of those that the configuration says. */
export type GivenEngines = Partial<Readonly<Record<'embedded' | 'cluster', AnalysisEngine>>>;

/** A cluster's engine worker, with the queue that holds its runs. */
export interface ClusterWorker {
  readonly worker: EngineWorker;
  readonly runs: Queue<RunJob>;
  /** Most runs at once, over all workers of the deployment. */
  readonly concurrency: number;
}

export interface AnalysisWorkerParts {
  readonly config: Config;
  readonly log: Log;
  readonly redis: RedisConnections;
  readonly channels: Channels;
  readonly store: RunStore;
  readonly metrics: WorkerMetrics;
  readonly embedded: EngineWorker;
  /** Null where there is no cluster. */
  readonly cluster: ClusterWorker | null;
  readonly given: GivenEngines;
}

/** Opens the engines of the analysis process and lets them work; stops them with the process. */
export class AnalysisWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: AnalysisWorkerParts;
  #probes: Probes | null = null;
  #closing = false;
  readonly #stopped = Promise.withResolvers<undefined>();

  constructor(parts: AnalysisWorkerParts) {
    this.#parts = parts;
  }

  /** Those that work: the embedded one, and the cluster's once Redis has answered. */
  get engineWorkers(): readonly EngineWorker[] {
    return this.#all().filter((worker) => worker.works);
  }

  /** Ends once the engines are closed or given up. */
  get stopped(): Promise<unknown> {
    return this.#stopped.promise;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { config, log, redis, channels, store, metrics, embedded, given } = this.#parts;
    const engine = given.embedded ?? (await openEngine(config));
    channels.listen(store.keys.cancelChannel, (runId) => {
      for (const worker of this.#all()) worker.cancel(runId);
    });
    const { healthPort } = config.worker;
    if (healthPort !== null) {
      this.#probes = await startProbes(config.http.host, healthPort, metrics.registry, () =>
        redis.commands.status === 'ready' ? null : 'Redis cannot be reached.',
      );
    }
    embedded.start(engine);
    // The workers of one pool agree through Redis: the cluster's engine waits for it, the embedded one does not.
    this.#openCluster().catch((error: unknown) => {
      if (this.#closing) return;
      log.error({ err: error }, 'the cluster engine cannot be opened: its questions wait for another worker');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    const workers = this.#all();
    await Promise.all(workers.map((worker) => worker.drain(GRACE_MS)));
    await Promise.all(workers.map((worker) => worker.close(CLOSE_MS)));
    await Promise.race([this.#probes?.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
    this.#stopped.resolve(undefined);
  }

  async #openCluster(): Promise<void> {
    const { config, log, redis, metrics, cluster, given } = this.#parts;
    const { livy } = config.engine;
    if (cluster === null) return;
    const engine =
      given.cluster ??
      (livy === null
        ? null
        : await openClusterEngine(livy, redis.connect('cluster'), config.redis.prefix, metrics.registry, log));
    if (engine === null) return;
    // Over all workers no more runs start than the sessions can answer together: the others wait in the queue.
    await cluster.runs.setGlobalConcurrency(cluster.concurrency);
    if (this.#isClosing()) await engine.close();
    else cluster.worker.start(engine);
  }

  #isClosing(): boolean {
    return this.#closing;
  }

  #all(): readonly EngineWorker[] {
    const { embedded, cluster } = this.#parts;
    return cluster === null ? [embedded] : [embedded, cluster.worker];
  }
}
