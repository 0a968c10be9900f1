import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export const RUNS_QUEUE = 'runs';
export const PAGES_QUEUE = 'pages';

/** What a worker needs to know; everything else it reads from the store, so that a retry sees the newest. */
export interface RunJob {
  readonly runId: string;
}

export interface PageJob {
  readonly runId: string;
  readonly order: 'newest' | 'most-retweeted';
  /** Which block of `PAGE_BLOCK` rows. */
  readonly block: number;
}

/** Rows that one page job fetches: a reader who scrolls causes one job in five pages or more. */
export const PAGE_BLOCK = 500;

/** BullMQ's keys beside ours, under the same prefix. */
export function queuePrefix(prefix: string): string {
  return `${prefix}bull`;
}

/** How fast work whose worker died or lost Redis is given to another, in ms. */
export interface WorkerTiming {
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
}
export const WORKER_TIMING: WorkerTiming = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 5 };

/** The producing side. */
export class AnalysisQueue {
  private readonly runs: Queue<RunJob>;
  private readonly pages: Queue<PageJob>;

  constructor(connect: (name: string) => Redis, prefix: string, onError: (error: Error) => void) {
    const options = { prefix: queuePrefix(prefix), skipVersionCheck: true };
    this.runs = new Queue<RunJob>(RUNS_QUEUE, { ...options, connection: connect('runs') });
    this.pages = new Queue<PageJob>(PAGES_QUEUE, { ...options, connection: connect('pages') });
    this.runs.on('error', onError);
    this.pages.on('error', onError);
  }

  /** Enqueues a run. The run's random id is the job's, so that a repeat changes nothing. */
  async addRun(runId: string): Promise<void> {
    await this.runs.add(
      'run',
      { runId },
      {
        jobId: runId,
        attempts: 3,
        backoff: { type: 'fixed', delay: 1_000 },
        removeOnComplete: true,
        removeOnFail: true, // a job that stays would keep its run's id blocked
      },
    );
  }

  /** Takes a run that still waits out of the queue; one that runs is stopped by the cancel channel. */
  async removeRun(runId: string): Promise<void> {
    await this.runs.remove(runId).catch(() => 0);
  }

  async addPage(job: PageJob): Promise<void> {
    await this.pages.add('page', job, {
      jobId: pageId(job),
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.runs.close(), this.pages.close()]);
  }
}

export function pageId(job: PageJob): string {
  return `${job.runId}-${job.order}-${job.block}`;
}
