import { MAX_ANALYSES_PER_RUN } from '@analytica/engine/spark';
import { getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { AppModule } from '../app-module.js';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RUNS_QUEUE, type RunJob } from '../runs/jobs.js';
import { RunStore } from '../runs/run-store.js';
import { AnalysisWorker, type GivenEngines } from './analysis-worker.js';
import type { EngineWorker } from './engine-worker.js';
import { EngineWorkerModule, engineWorkerToken } from './engine-worker-module.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerMetricsModule } from './worker-metrics-module.js';
import type { WorkerTiming } from './worker-timing.js';

/** The analysis process: what both processes have, and an engine worker for each engine that is configured. */
@Module({})
export class WorkerModule {
  static of(config: Config, log: Log, given: GivenEngines, timing: WorkerTiming): DynamicModule {
    const { livy } = config.engine;
    const hasCluster = livy !== null || given.cluster !== undefined;
    const clusterRuns = livy === null ? 1 : livy.pool.max * MAX_ANALYSES_PER_RUN;
    return {
      module: WorkerModule,
      imports: [
        AppModule.of(config, log, 'worker'),
        WorkerMetricsModule,
        EngineWorkerModule.of({ engine: 'embedded', concurrency: config.worker.concurrency, timing }),
        ...(hasCluster ? [EngineWorkerModule.of({ engine: 'cluster', concurrency: clusterRuns, timing })] : []),
      ],
      providers: [
        {
          provide: AnalysisWorker,
          inject: [
            ...[RedisConnections, Channels, RunStore, WorkerMetrics, engineWorkerToken('embedded')],
            ...(hasCluster ? [engineWorkerToken('cluster'), getQueueToken(RUNS_QUEUE.cluster)] : []),
          ],
          useFactory: (
            redis: RedisConnections,
            channels: Channels,
            store: RunStore,
            metrics: WorkerMetrics,
            embedded: EngineWorker,
            worker?: EngineWorker,
            runs?: Queue<RunJob>,
          ) => {
            const cluster =
              worker === undefined || runs === undefined ? null : { worker, runs, concurrency: clusterRuns };
            return new AnalysisWorker({ config, log, redis, channels, store, metrics, embedded, cluster, given });
          },
        },
      ],
    };
  }
}
