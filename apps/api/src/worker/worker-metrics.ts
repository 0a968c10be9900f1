import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a worker counts. */
@Injectable()
export class WorkerMetrics {
  readonly #observed: { readonly engine: string; readonly runningCount: number }[] = [];
  readonly registry = new Registry();
  readonly runs: Counter<'end' | 'engine'>;
  readonly duration: Histogram<'end' | 'engine'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'analytica_worker_' });
    this.runs = new Counter({
      name: 'analytica_runs_total',
      help: 'Runs by how they ended',
      labelNames: ['end', 'engine'],
      registers: [this.registry],
    });
    this.duration = new Histogram({
      name: 'analytica_run_seconds',
      help: 'How long runs took on the engine',
      labelNames: ['end', 'engine'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers: [this.registry],
    });
    const observed = this.#observed;
    new Gauge({
      name: 'analytica_runs_running',
      help: 'Runs in this worker now',
      labelNames: ['engine'],
      registers: [this.registry],
      collect() {
        for (const { engine, runningCount } of observed) this.set({ engine }, runningCount);
      },
    });
  }

  /** From now on the number of runs of this engine is a metric. */
  observe(worker: { readonly engine: string; readonly runningCount: number }): void {
    this.#observed.push(worker);
  }
}
