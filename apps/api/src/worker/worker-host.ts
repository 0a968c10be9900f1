import type { AnalysisEngine } from '@analytica/engine';
import { MOST_TOGETHER } from '@analytica/engine/spark';
import type { Redis } from 'ioredis';
import type { Config } from '../config.js';
import { openClusterEngine } from './cluster-engine.js';
import { openEngine } from './embedded-engine.js';
import { Lane } from './engine-worker.js';
import { limitRuns } from './session-pool.js';
import { startProbes, type Probes } from './probes.js';
import type { Log } from '../log.js';
import { WorkerMetrics } from './worker-metrics.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { WORKER_TIMING, type WorkerTiming } from '../runs/run-queues.js';
import { AnalysisStore } from '../runs/run-store.js';
import { PageStore } from '../runs/page-store.js';

/** How long a stopping worker lets its runs finish before it gives them back. */
const GRACE_MS = 3_000;
/** ... and how long giving back, and closing an engine, may take each. */
const CLOSE_MS = 2_500;

/** Engines that are there already, instead of those that the configuration says. */
export type GivenEngines = Partial<Readonly<Record<'embedded' | 'cluster', AnalysisEngine>>>;

export interface WorkerHost {
  /** One for each engine that this worker has; the cluster's comes when Redis has answered. */
  readonly lanes: readonly Lane[];
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
  readonly lanes: Lane[] = [];
  private readonly redis: RedisConnections;
  private readonly store: AnalysisStore;
  private readonly pages: PageStore;
  private readonly metrics: WorkerMetrics;
  private probes: Probes | null = null;
  private clusterConnection: Redis | null = null;
  private closing = false;

  constructor(
    private readonly config: Config,
    private readonly log: Log,
    private readonly engines: GivenEngines,
    private readonly timing: WorkerTiming,
  ) {
    const { prefix } = config.redis;
    this.redis = new RedisConnections(config, log, 'worker');
    this.store = new AnalysisStore(this.redis.commands, prefix, config.results.ttlSeconds);
    this.pages = new PageStore(this.redis.commands, prefix);
    this.metrics = new WorkerMetrics(() => this.lanes.map((lane) => [lane.engine, lane.processor.runningCount]));
    new Channels(this.redis.subscriber).listen(this.store.cancelChannel, (runId) => {
      for (const { processor } of this.lanes) processor.cancel(runId);
    });
  }

  async start(): Promise<void> {
    const { healthPort, concurrency } = this.config.worker;
    const embedded = this.engines.embedded ?? (await openEngine(this.config));
    if (healthPort !== null) {
      this.probes = await startProbes(this.config.http.host, healthPort, this.metrics.registry, () =>
        this.redis.commands.status === 'ready' ? null : 'Redis cannot be reached.',
      );
    }
    this.open(embedded, concurrency);
    this.openCluster().catch((error: unknown) => {
      if (this.closing) return;
      this.log.error({ err: error }, 'the cluster engine cannot be opened: its questions wait for another worker');
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.lanes.map((lane) => lane.drain(GRACE_MS)));
    await Promise.all(this.lanes.map((lane) => lane.close(CLOSE_MS)));
    await this.probes?.close();
    this.redis.close();
    this.clusterConnection?.disconnect();
  }

  private async openCluster(): Promise<void> {
    const { livy } = this.config.engine;
    if (livy === null && this.engines.cluster === undefined) return;
    const { prefix } = this.config.redis;
    const connection = this.redis.connect('cluster');
    this.clusterConnection = connection;
    // Redis keeps what the workers of one pool must agree on: this waits for it, the embedded engine does not.
    const engine =
      this.engines.cluster ??
      (livy === null ? null : await openClusterEngine(livy, connection, prefix, this.metrics.registry, this.log));
    if (engine === null) return;
    const atOnce = livy === null ? 1 : livy.pool.max * MOST_TOGETHER;
    await limitRuns(atOnce, connection, prefix);
    if (this.isClosing()) await engine.close();
    else this.open(engine, atOnce);
  }

  private isClosing(): boolean {
    return this.closing;
  }

  private open(engine: AnalysisEngine, concurrency: number): void {
    const lane = new Lane({
      engine,
      concurrency,
      prefix: this.config.redis.prefix,
      store: this.store,
      pages: this.pages,
      connect: (name) => this.redis.connect(name),
      metrics: this.metrics,
      timing: this.timing,
      log: this.log,
    });
    this.lanes.push(lane);
    lane.start();
  }
}
