import type { EngineName } from '@analytica/domain';
import type { Queue } from 'bullmq';
import { pageId, type PageJob, type RunJob } from './jobs.js';

/** The queues of one engine. */
export interface EngineQueues {
  readonly runs: Queue<RunJob>;
  readonly pages: Queue<PageJob>;
}

/** The producing side of the queues. */
export class RunQueues {
  readonly #queues: Readonly<Record<EngineName, EngineQueues>>;

  constructor(queues: Readonly<Record<EngineName, EngineQueues>>, onError: (error: Error) => void) {
    this.#queues = queues;
    for (const { runs, pages } of Object.values(queues)) {
      runs.on('error', onError);
      pages.on('error', onError);
    }
  }

  /** Enqueues a run. The run's random id is the job's, so that a repeat changes nothing. */
  async addRun(runId: string, engine: EngineName): Promise<void> {
    await this.#queues[engine].runs.add(
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
    await Promise.all(Object.values(this.#queues).map(({ runs }) => runs.remove(runId).catch(() => 0)));
  }

  async addPage(job: PageJob, engine: EngineName): Promise<void> {
    await this.#queues[engine].pages.add('page', job, {
      jobId: pageId(job),
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
    });
  }
}
