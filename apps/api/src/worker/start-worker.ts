import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { Config } from '../config.js';
import { type Log, nestLogger } from '../log.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { AnalysisWorker, CLOSE_MS, type GivenEngines } from './analysis-worker.js';
import type { EngineWorker } from './engine-worker.js';
import { WorkerModule } from './worker-module.js';
import { WORKER_TIMING, type WorkerTiming } from './worker-timing.js';

export interface RunningWorker {
  /** One for each engine that is open. */
  readonly engineWorkers: readonly EngineWorker[];
  close(): Promise<void>;
}

/** Starts the analysis process: takes runs and pages off the queues and works on them with the engines. */
export async function startWorker(
  config: Config,
  log: Log,
  given: GivenEngines = {},
  timing: WorkerTiming = WORKER_TIMING,
): Promise<RunningWorker> {
  const app = await NestFactory.createApplicationContext(WorkerModule.of(config, log, given, timing), {
    logger: nestLogger(log),
    abortOnError: false,
  });
  const worker = app.get(AnalysisWorker);
  const redis = app.get(RedisConnections);
  return {
    get engineWorkers() {
      return worker.engineWorkers;
    },
    async close() {
      const closed = app.close();
      // An engine that hangs must not hold the process: Nest would wait for its job without end.
      await worker.stopped;
      await Promise.race([closed, sleep(CLOSE_MS)]);
      redis.close();
    },
  };
}
