import type { EngineName } from '@analytica/domain';
import { BullModule, Processor } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { LOG, type Log } from '../log.js';
import { PAGES_QUEUE, RUNS_QUEUE } from '../runs/jobs.js';
import { PageStore } from '../runs/page-store.js';
import { RunStore } from '../runs/run-store.js';
import { RunsModule } from '../runs/runs-module.js';
import { SnapshotStore } from '../runs/snapshot-store.js';
import { EngineWorker } from './engine-worker.js';
import { PageConsumer } from './page-consumer.js';
import { RunConsumer } from './run-consumer.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerMetricsModule } from './worker-metrics-module.js';
import type { WorkerTiming } from './worker-timing.js';

export interface EngineWorkerOptions {
  readonly engine: EngineName;
  /** Most runs of this process at once. */
  readonly concurrency: number;
  readonly timing: WorkerTiming;
}

/** Injection token of an engine's worker. */
export function engineWorkerToken(engine: EngineName): string {
  return `engine worker ${engine}`;
}

/** The queues of one engine and what takes work off them. */
@Module({})
export class EngineWorkerModule {
  static of({ engine, concurrency, timing }: EngineWorkerOptions): DynamicModule {
    // `autorun: false`: an engine opens after its queues are registered, the cluster's in the background. The engines, and how many
    // runs each takes at once, are known only at run time: so the decorator is applied here, to a class for each engine.
    const options = { ...timing, autorun: false, skipVersionCheck: true };
    class Runs extends RunConsumer {}
    Processor(RUNS_QUEUE[engine], { ...options, concurrency })(Runs);
    class Pages extends PageConsumer {}
    Processor(PAGES_QUEUE[engine], { ...options, concurrency: 1 })(Pages);
    return {
      module: EngineWorkerModule,
      imports: [
        RunsModule,
        WorkerMetricsModule,
        BullModule.registerQueue({ name: RUNS_QUEUE[engine] }, { name: PAGES_QUEUE[engine] }),
      ],
      providers: [
        {
          provide: Runs,
          inject: [RunStore, WorkerMetrics, LOG],
          useFactory: (store: RunStore, metrics: WorkerMetrics, log: Log) => new Runs({ store, metrics, log }),
        },
        { provide: Pages, inject: [LOG], useFactory: (log: Log) => new Pages(log) },
        {
          provide: engineWorkerToken(engine),
          inject: [Runs, Pages, RunStore, SnapshotStore, PageStore, WorkerMetrics, CONFIG, LOG],
          useFactory: (
            runs: Runs,
            pages: Pages,
            store: RunStore,
            snapshots: SnapshotStore,
            pageStore: PageStore,
            metrics: WorkerMetrics,
            config: Config,
            log: Log,
          ) => {
            const { lake } = config;
            const worker = new EngineWorker({ engine, runs, pages, store, snapshots, pageStore, lake, log });
            metrics.observe(worker);
            return worker;
          },
        },
      ],
      exports: [engineWorkerToken(engine), BullModule],
    };
  }
}
