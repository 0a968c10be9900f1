import { Module } from '@nestjs/common';
import { WorkerMetrics } from './worker-metrics.js';

/** The metrics of the worker process, for all of its engines. */
@Module({ providers: [WorkerMetrics], exports: [WorkerMetrics] })
export class WorkerMetricsModule {}
