import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from '@analytica/domain';
import type { AnalysisEngine } from '@analytica/engine';
import type { LakeLocation } from '@analytica/lake';
import { WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { RunProcessor } from './run-processor.js';
import {
  PAGES_QUEUE,
  queuePrefix,
  RUNS_QUEUE,
  type PageJob,
  type RunJob,
  type WorkerTiming,
} from '../runs/run-queues.js';
import type { RunStore } from '../runs/run-store.js';
import { PageProcessor } from './page-processor.js';
import type { PageStore } from '../runs/page-store.js';
import type { Log } from '../log.js';
import type { WorkerMetrics } from './worker-metrics.js';

const GIVE_UP_TRIES = 5;

export interface EngineWorkerParts {
  readonly engine: AnalysisEngine;
  /** Most runs of this process at once. */
  readonly concurrency: number;
  readonly prefix: string;
  /** Where its pins go. */
  readonly lake: LakeLocation;
  readonly store: RunStore;
  readonly pages: PageStore;
  readonly connect: (name: string) => Redis;
  readonly metrics: WorkerMetrics;
  readonly timing: WorkerTiming;
  readonly log: Log;
}

/** One engine with the queues that it works off: engines do not wait for each other. */
export class EngineWorker {
  readonly #parts: EngineWorkerParts;

  readonly processor: RunProcessor;
  readonly #runs: Worker<RunJob>;
  readonly #pages: Worker<PageJob>;
  readonly #shutdown = new AbortController();
  #stopped: Promise<unknown> = Promise.resolve();

  get engine(): EngineName {
    return this.#parts.engine.name;
  }

  constructor(parts: EngineWorkerParts) {
    this.#parts = parts;

    const { engine, prefix, store, lake, connect, timing, log } = parts;
    this.processor = new RunProcessor(store, engine, lake, log);
    const pageProcessor = new PageProcessor(store, parts.pages, engine, lake, this.#shutdown.signal, log);
    const options = { prefix: queuePrefix(prefix), ...timing, autorun: false, skipVersionCheck: true };
    this.#runs = new Worker<RunJob>(RUNS_QUEUE[engine.name], (job, token) => this.#processRun(job, token), {
      ...options,
      connection: connect(RUNS_QUEUE[engine.name]),
      concurrency: parts.concurrency,
    });
    this.#pages = new Worker<PageJob>(PAGES_QUEUE[engine.name], (job) => pageProcessor.process(job.data), {
      ...options,
      connection: connect(PAGES_QUEUE[engine.name]),
      concurrency: 1,
    });
    for (const worker of [this.#runs, this.#pages]) {
      worker.on('error', (error) => {
        log.debug({ err: error }, 'the queue lost Redis');
      });
    }
    this.#runs.on('failed', (job, error) => {
      void this.#giveUp(job, error);
    });
    this.#runs.on('stalled', (jobId) => {
      log.warn({ runId: jobId }, 'a run lost its worker and is taken up again');
    });
  }

  start(): void {
    void this.#runs.run();
    void this.#pages.run();
  }

  /** Takes no more work; waits at most `graceMs` for what runs. */
  async drain(graceMs: number): Promise<void> {
    this.#stopped = Promise.allSettled([this.#runs.close(), this.#pages.close()]);
    await Promise.race([this.#stopped, sleep(graceMs)]);
  }

  /** Gives back what still runs, so that another worker takes it, and closes the engine. */
  async close(graceMs: number): Promise<void> {
    this.#shutdown.abort();
    this.processor.releaseAll();
    await Promise.race([this.#stopped, sleep(graceMs)]);
    await Promise.race([this.#parts.engine.close(), sleep(graceMs)]);
  }

  async #processRun(job: Job<RunJob>, token: string | undefined): Promise<string> {
    const { metrics, log, engine } = this.#parts;
    const startedAt = performance.now();
    const lastTry = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const end = await this.processor.process(job.data.runId, lastTry);
    const ms = performance.now() - startedAt;
    metrics.runs.inc({ end, engine: engine.name });
    metrics.duration.observe({ end, engine: engine.name }, ms / 1000);
    log.info({ runId: job.data.runId, engine: engine.name, end, ms: Math.round(ms) }, 'a run ended');
    if (end === 'released') {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    return end;
  }

  /** The queue has given a run up (its workers died too often): its askers must hear of it. */
  async #giveUp(job: Job<RunJob> | undefined, error: Error): Promise<void> {
    if (job === undefined) return;
    const { store, log } = this.#parts;
    log.error({ runId: job.data.runId, err: error }, 'the queue gave up a job');
    const stalled = /stalled/.test(error.message);
    if (!stalled && job.attemptsMade < (job.opts.attempts ?? 1)) return;
    const message = stalled
      ? 'The workers stopped several times while they ran this question. It may be too broad for this machine.'
      : 'The engine failed on this question. Try again; if it fails again, the log of the worker says why.';
    const { runId } = job.data;
    for (let tries = 1; ; tries++) {
      try {
        await store.fail(runId, null, { code: 'ENGINE_FAILED', message, retryable: true }, Date.now());
        return;
      } catch (cause) {
        log.error({ runId, err: cause, tries }, 'a run was given up, but its askers could not be told');
        // Whoever asks again or subscribes gives the run another job.
        if (tries >= GIVE_UP_TRIES) return;
        await sleep(1_000, undefined, { ref: false });
      }
    }
  }
}
