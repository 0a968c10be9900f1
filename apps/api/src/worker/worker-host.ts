import type { EngineName } from '@analytica/domain';
import type { AnalysisEngine } from '@analytica/engine';
import { MOST_TOGETHER } from '@analytica/engine/spark';
import type { Redis } from 'ioredis';
import type { Config } from '../config.js';
import { openClusterEngine } from './cluster-engine.js';
import { openEngine } from './embedded-engine.js';
import { EngineWorker } from './engine-worker.js';
import { limitRuns } from './session-pool.js';
import { startProbes, type Probes } from './probes.js';
import type { Log } from '../log.js';
import { WorkerMetrics } from './worker-metrics.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { WORKER_TIMING, type WorkerTiming } from '../runs/run-queues.js';
import { RunStore } from '../runs/run-store.js';
import { PageStore } from '../runs/page-store.js';

/** How long a stopping worker lets its runs finish before it gives them back. */
const GRACE_MS = 3_000;
/** ... and how long giving back, and closing an engine, may take each. */
const CLOSE_MS = 2_500;

/** Engines that are there already, instead of those that the configuration says. */
export type GivenEngines = Partial<Readonly<Record<EngineName, AnalysisEngine>>>;

export interface WorkerHost {
  /** One for each engine that this worker has; the cluster's comes when Redis has answered. */
  readonly engineWorkers: readonly EngineWorker[];
  close(): Promise<void>;
}

/** Starts the analysis process: takes runs and pages off the queues and works on them with the engines. */
export async function startWorker(
  config: Config,
  log: Log,
  engines: GivenEngines = {},
  timing: WorkerTiming = WORKER_TIMING,
): Promise<WorkerHost> {
  const host = new Host(config, log, engines, timing);
  await host.start();
  return host;
}

class Host implements WorkerHost {
  readonly #config: Config;
  readonly #log: Log;
  readonly #engines: GivenEngines;
  readonly #timing: WorkerTiming;

  readonly engineWorkers: EngineWorker[] = [];
  readonly #redis: RedisConnections;
  readonly #store: RunStore;
  readonly #pages: PageStore;
  readonly #metrics: WorkerMetrics;
  #probes: Probes | null = null;
  #clusterConnection: Redis | null = null;
  #closing = false;

  constructor(config: Config, log: Log, engines: GivenEngines, timing: WorkerTiming) {
    this.#config = config;
    this.#log = log;
    this.#engines = engines;
    this.#timing = timing;

    const { prefix } = config.redis;
    this.#redis = new RedisConnections(config, log, 'worker');
    this.#store = new RunStore(this.#redis.commands, prefix, config.results.ttlSeconds);
    this.#pages = new PageStore(this.#redis.commands, prefix);
    this.#metrics = new WorkerMetrics(() =>
      this.engineWorkers.map((engineWorker) => [engineWorker.engine, engineWorker.processor.runningCount]),
    );
    new Channels(this.#redis.subscriber).listen(this.#store.cancelChannel, (runId) => {
      for (const { processor } of this.engineWorkers) processor.cancel(runId);
    });
  }

  async start(): Promise<void> {
    const { healthPort, concurrency } = this.#config.worker;
    const embedded = this.#engines.embedded ?? (await openEngine(this.#config));
    if (healthPort !== null) {
      this.#probes = await startProbes(this.#config.http.host, healthPort, this.#metrics.registry, () =>
        this.#redis.commands.status === 'ready' ? null : 'Redis cannot be reached.',
      );
    }
    this.#open(embedded, concurrency);
    this.#openCluster().catch((error: unknown) => {
      if (this.#closing) return;
      this.#log.error({ err: error }, 'the cluster engine cannot be opened: its questions wait for another worker');
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.engineWorkers.map((engineWorker) => engineWorker.drain(GRACE_MS)));
    await Promise.all(this.engineWorkers.map((engineWorker) => engineWorker.close(CLOSE_MS)));
    await this.#probes?.close();
    this.#redis.close();
    this.#clusterConnection?.disconnect();
  }

  async #openCluster(): Promise<void> {
    const { livy } = this.#config.engine;
    if (livy === null && this.#engines.cluster === undefined) return;
    const { prefix } = this.#config.redis;
    const connection = this.#redis.connect('cluster');
    this.#clusterConnection = connection;
    // Redis keeps what the workers of one pool must agree on: this waits for it, the embedded engine does not.
    const engine =
      this.#engines.cluster ??
      (livy === null ? null : await openClusterEngine(livy, connection, prefix, this.#metrics.registry, this.#log));
    if (engine === null) return;
    const atOnce = livy === null ? 1 : livy.pool.max * MOST_TOGETHER;
    await limitRuns(atOnce, connection, prefix);
    if (this.#isClosing()) await engine.close();
    else this.#open(engine, atOnce);
  }

  #isClosing(): boolean {
    return this.#closing;
  }

  #open(engine: AnalysisEngine, concurrency: number): void {
    const engineWorker = new EngineWorker({
      engine,
      concurrency,
      prefix: this.#config.redis.prefix,
      store: this.#store,
      pages: this.#pages,
      lake: this.#config.lake,
      connect: (name) => this.#redis.connect(name),
      metrics: this.#metrics,
      timing: this.#timing,
      log: this.#log,
    });
    this.engineWorkers.push(engineWorker);
    engineWorker.start();
  }
}
