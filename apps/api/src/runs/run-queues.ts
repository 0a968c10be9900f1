import type { EngineName, PostOrder } from '@analytica/domain';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** Each engine has queues of its own, so that long work of one never stands in the way of the other. */
export const RUNS_QUEUE: Readonly<Record<EngineName, string>> = { embedded: 'runs', cluster: 'cluster-runs' };
export const PAGES_QUEUE: Readonly<Record<EngineName, string>> = { embedded: 'pages', cluster: 'cluster-pages' };

/** What a worker needs to know; everything else it reads from the store, so that a retry sees the newest. */
export interface RunJob {
  readonly runId: string;
}

export interface PageJob {
  readonly runId: string;
  readonly order: PostOrder;
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
export class RunQueues {
  readonly #runs: Readonly<Record<EngineName, Queue<RunJob>>>;
  readonly #pages: Readonly<Record<EngineName, Queue<PageJob>>>;

  constructor(connect: (name: string) => Redis, prefix: string, onError: (error: Error) => void) {
    const connection = connect('queues');
    const open = <T>(name: string): Queue<T> => {
      const queue = new Queue<T>(name, { prefix: queuePrefix(prefix), skipVersionCheck: true, connection });
      queue.on('error', onError);
      return queue;
    };
    this.#runs = { embedded: open(RUNS_QUEUE.embedded), cluster: open(RUNS_QUEUE.cluster) };
    this.#pages = { embedded: open(PAGES_QUEUE.embedded), cluster: open(PAGES_QUEUE.cluster) };
  }

  /** Enqueues a run. The run's random id is the job's, so that a repeat changes nothing. */
  async addRun(runId: string, engine: EngineName): Promise<void> {
    await this.#runs[engine].add(
      'run',
      { runId },
      {
        jobId: runId,
        // A cluster's pool has tried twice already, and waiting for a session takes long.
        attempts: engine === 'cluster' ? 1 : 3,
        backoff: { type: 'fixed', delay: 1_000 },
        removeOnComplete: true,
        removeOnFail: true, // a job that stays would keep its run's id blocked
      },
    );
  }

  /** Takes a run that still waits out of the queue; one that runs is stopped by the cancel channel. */
  async removeRun(runId: string): Promise<void> {
    await Promise.all(Object.values(this.#runs).map((queue) => queue.remove(runId).catch(() => 0)));
  }

  async addPage(job: PageJob, engine: EngineName): Promise<void> {
    await this.#pages[engine].add('page', job, {
      jobId: pageId(job),
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  async close(): Promise<void> {
    const queues = [...Object.values(this.#runs), ...Object.values(this.#pages)];
    await Promise.allSettled(queues.map((queue) => queue.close()));
  }
}

export function pageId(job: PageJob): string {
  return `${job.runId}-${job.order}-${job.block}`;
}
