import { ENGINE_NAMES } from '@analytica/domain';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { LOG, type Log } from '../log.js';
import { PAGES_QUEUE, RUNS_QUEUE, type PageJob, type RunJob } from './jobs.js';
import { type EngineQueues, RunQueues } from './run-queues.js';

/** The queues of every engine, for the process that fills them. */
@Module({
  imports: [
    BullModule.registerQueue(
      ...ENGINE_NAMES.flatMap((engine) => [{ name: RUNS_QUEUE[engine] }, { name: PAGES_QUEUE[engine] }]),
    ),
  ],
  providers: [
    {
      provide: RunQueues,
      inject: [
        LOG,
        ...[RUNS_QUEUE.embedded, PAGES_QUEUE.embedded, RUNS_QUEUE.cluster, PAGES_QUEUE.cluster].map(getQueueToken),
      ],
      useFactory: (
        log: Log,
        runs: Queue<RunJob>,
        pages: Queue<PageJob>,
        clusterRuns: Queue<RunJob>,
        clusterPages: Queue<PageJob>,
      ) => {
        const queues: Record<'embedded' | 'cluster', EngineQueues> = {
          embedded: { runs, pages },
          cluster: { runs: clusterRuns, pages: clusterPages },
        };
        return new RunQueues(queues, (error) => {
          log.debug({ err: error }, 'the queue lost Redis');
        });
      },
    },
  ],
  exports: [RunQueues],
})
export class RunQueuesModule {}
