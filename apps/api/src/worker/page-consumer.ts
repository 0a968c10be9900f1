import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import type { Job, Worker } from 'bullmq';
import type { Log } from '../log.js';
import type { PageJob } from '../runs/jobs.js';
import type { PageProcessor } from './page-processor.js';

/** Takes the pages of one engine off their queue, once `start` is called. */
export class PageConsumer extends WorkerHost<Worker<PageJob>> {
  readonly #log: Log;
  #processor: PageProcessor | null = null;

  constructor(log: Log) {
    super();
    this.#log = log;
  }

  start(processor: PageProcessor): void {
    this.#processor = processor;
    void this.worker.run();
  }

  override async process(job: Job<PageJob>): Promise<void> {
    if (this.#processor === null) throw new Error('the engine of this queue is not open');
    await this.#processor.process(job.data);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.#log.debug({ err: error }, 'the queue lost Redis');
  }
}
