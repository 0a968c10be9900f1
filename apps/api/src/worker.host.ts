import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalysisEngine } from '@analytica/engine';
import { WaitingError, Worker, type Job } from 'bullmq';
import type { Config } from './config.js';
import { openEngine } from './worker.engine.js';
import { startProbes, type Probes } from './health/worker.probes.js';
import type { Log } from './log.js';
import { WorkerMetrics } from './metrics/metrics.js';
import { Channels } from './redis/channels.js';
import { RedisConnections } from './redis/redis.connections.js';
import { AnalysisProcessor } from './analyses/analysis.processor.js';
import {
  PAGES_QUEUE,
  queuePrefix,
  RUNS_QUEUE,
  WORKER_TIMING,
  type PageJob,
  type RunJob,
  type WorkerTiming,
} from './analyses/analysis.queue.js';
import { AnalysisStore } from './analyses/analysis.store.js';
import { PageProcessor } from './analyses/page.processor.js';
import { PageStore } from './analyses/page.store.js';

/** How long a stopping worker lets its runs finish before it gives them back. */
const GRACE_MS = 3_000;
const GIVE_UP_TRIES = 5;

export interface WorkerHost {
  readonly processor: AnalysisProcessor;
  close(): Promise<void>;
}

/** Starts the analysis process: takes runs and pages off the queue and works on them with the engine. */
export async function startWorker(
  config: Config,
  log: Log,
  engine?: AnalysisEngine,
  timing: WorkerTiming = WORKER_TIMING,
): Promise<WorkerHost> {
  const host = new Host(config, log, engine ?? (await openEngine(config)), timing);
  await host.start();
  return host;
}

class Host implements WorkerHost {
  readonly processor: AnalysisProcessor;
  private readonly redis: RedisConnections;
  private readonly store: AnalysisStore;
  private readonly metrics: WorkerMetrics;
  private readonly runs: Worker<RunJob>;
  private readonly pages: Worker<PageJob>;
  private readonly shutdown = new AbortController();
  private probes: Probes | null = null;

  constructor(
    private readonly config: Config,
    private readonly log: Log,
    private readonly engine: AnalysisEngine,
    timing: WorkerTiming,
  ) {
    const { prefix } = config.redis;
    this.redis = new RedisConnections(config, log, 'worker');
    this.store = new AnalysisStore(this.redis.commands, prefix, config.results.ttlSeconds);
    this.processor = new AnalysisProcessor(this.store, engine, log);
    this.metrics = new WorkerMetrics(() => this.processor.runningCount);
    const pageProcessor = new PageProcessor(
      this.store,
      new PageStore(this.redis.commands, prefix),
      engine,
      this.shutdown.signal,
      log,
    );
    new Channels(this.redis.subscriber).listen(this.store.cancelChannel, (runId) => {
      this.processor.cancel(runId);
    });
    const options = { prefix: queuePrefix(prefix), ...timing, autorun: false, skipVersionCheck: true };
    this.runs = new Worker<RunJob>(RUNS_QUEUE, (job, token) => this.processRun(job, token), {
      ...options,
      connection: this.redis.connect('runs'),
      concurrency: config.worker.concurrency,
    });
    this.pages = new Worker<PageJob>(PAGES_QUEUE, (job) => pageProcessor.process(job.data), {
      ...options,
      connection: this.redis.connect('pages'),
      concurrency: 1,
    });
    for (const worker of [this.runs, this.pages]) {
      worker.on('error', (error) => {
        log.debug({ err: error }, 'the queue lost Redis');
      });
    }
    this.runs.on('failed', (job, error) => {
      void this.giveUp(job, error);
    });
    this.runs.on('stalled', (jobId) => {
      log.warn({ runId: jobId }, 'a run lost its worker and is taken up again');
    });
  }

  async start(): Promise<void> {
    const { healthPort } = this.config.worker;
    if (healthPort !== null) {
      this.probes = await startProbes(this.config.http.host, healthPort, this.metrics.registry, () =>
        this.redis.commands.status === 'ready' ? null : 'Redis cannot be reached.',
      );
    }
    void this.runs.run();
    void this.pages.run();
  }

  async close(): Promise<void> {
    const stopped = Promise.allSettled([this.runs.close(), this.pages.close()]);
    await Promise.race([stopped, sleep(GRACE_MS)]);
    this.shutdown.abort();
    this.processor.releaseAll();
    await Promise.race([stopped, sleep(GRACE_MS)]);
    await this.probes?.close();
    this.redis.close();
    await Promise.race([this.engine.close(), sleep(1_000)]);
  }

  private async processRun(job: Job<RunJob>, token: string | undefined): Promise<string> {
    const startedAt = performance.now();
    const lastTry = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const end = await this.processor.process(job.data.runId, lastTry);
    this.metrics.runs.inc({ end });
    this.metrics.duration.observe({ end }, (performance.now() - startedAt) / 1000);
    this.log.info({ runId: job.data.runId, end, ms: Math.round(performance.now() - startedAt) }, 'a run ended');
    if (end === 'released') {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    return end;
  }

  /** The queue has given a run up (its workers died too often): its askers must hear of it. */
  private async giveUp(job: Job<RunJob> | undefined, error: Error): Promise<void> {
    if (job === undefined) return;
    this.log.error({ runId: job.data.runId, err: error }, 'the queue gave up a job');
    const stalled = /stalled/.test(error.message);
    if (!stalled && job.attemptsMade < (job.opts.attempts ?? 1)) return;
    const message = stalled
      ? 'The workers stopped several times while they ran this question. It may be too broad for this machine.'
      : 'The engine failed on this question. Try again; if it fails again, the log of the worker says why.';
    const { runId } = job.data;
    for (let tries = 1; ; tries++) {
      try {
        await this.store.fail(runId, null, { code: 'ENGINE_FAILED', message, retryable: true }, Date.now());
        return;
      } catch (cause) {
        this.log.error({ runId, err: cause, tries }, 'a run was given up, but its askers could not be told');
        // Whoever asks again or subscribes gives the run another job.
        if (tries >= GIVE_UP_TRIES) return;
        await sleep(1_000, undefined, { ref: false });
      }
    }
  }
}
