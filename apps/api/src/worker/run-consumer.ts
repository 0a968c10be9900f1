import { setTimeout as sleep } from 'node:timers/promises';
import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import { type Job, WaitingError, type Worker } from 'bullmq';
import type { Log } from '../log.js';
import type { RunJob } from '../runs/jobs.js';
import type { RunStore } from '../runs/run-store.js';
import type { RunProcessor } from './run-processor.js';
import type { WorkerMetrics } from './worker-metrics.js';

const GIVE_UP_TRIES = 5;

export interface RunConsumerParts {
  readonly store: RunStore;
  readonly metrics: WorkerMetrics;
  readonly log: Log;
}

/** Takes the runs of one engine off their queue. The queue is registered from the beginning and works once `start` is called. */
export class RunConsumer extends WorkerHost<Worker<RunJob>> {
  readonly #store: RunStore;
  readonly #metrics: WorkerMetrics;
  readonly #log: Log;
  #processor: RunProcessor | null = null;

  constructor({ store, metrics, log }: RunConsumerParts) {
    super();
    this.#store = store;
    this.#metrics = metrics;
    this.#log = log;
  }

  start(processor: RunProcessor): void {
    this.#processor = processor;
    void this.worker.run();
  }

  override async process(job: Job<RunJob>, token?: string): Promise<string> {
    if (this.#processor === null) throw new Error('the engine of this queue is not open');
    const { engine } = this.#processor;
    const startedAt = performance.now();
    const lastTry = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const end = await this.#processor.process(job.data.runId, lastTry);
    const ms = performance.now() - startedAt;
    this.#metrics.runs.inc({ end, engine });
    this.#metrics.duration.observe({ end, engine }, ms / 1000);
    this.#log.info({ runId: job.data.runId, engine, end, ms: Math.round(ms) }, 'a run ended');
    if (end === 'released') {
      // Nest has no word for a job that is given back: BullMQ moves it, and expects this error.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    return end;
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.#log.debug({ err: error }, 'the queue lost Redis');
  }

  @OnWorkerEvent('stalled')
  onStalled(jobId: string): void {
    this.#log.warn({ runId: jobId }, 'a run lost its worker and is taken up again');
  }

  /** The queue gives up a run whose workers died too often. The run fails, so that its clients learn of it. */
  @OnWorkerEvent('failed')
  async onFailed(job: Job<RunJob> | undefined, error: Error): Promise<void> {
    if (job === undefined) return;
    const { runId } = job.data;
    this.#log.error({ runId, err: error }, 'the queue gave up a job');
    const stalled = /stalled/.test(error.message);
    if (!stalled && job.attemptsMade < (job.opts.attempts ?? 1)) return;
    const message = stalled
      ? 'The workers stopped several times while they ran this question. It may be too broad for this machine.'
      : 'The engine failed on this question. Try again; if it fails again, the log of the worker says why.';
    for (let tries = 1; ; tries++) {
      try {
        await this.#store.fail(runId, null, { code: 'ENGINE_FAILED', message, retryable: true }, Date.now());
        return;
      } catch (cause) {
        this.#log.error({ runId, err: cause, tries }, 'a run was given up, but its failure could not be written');
        // A client that asks again or subscribes gives the run another job.
        if (tries >= GIVE_UP_TRIES) return;
        await sleep(1_000, undefined, { ref: false });
      }
    }
  }
}
