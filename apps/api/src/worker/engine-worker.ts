import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from '@analytica/domain';
import type { AnalysisEngine } from '@analytica/engine';
import type { LakeLocation } from '@analytica/lake';
import type { Log } from '../log.js';
import type { PageStore } from '../runs/page-store.js';
import type { RunStore } from '../runs/run-store.js';
import type { SnapshotStore } from '../runs/snapshot-store.js';
import type { PageConsumer } from './page-consumer.js';
import { PageProcessor } from './page-processor.js';
import type { RunConsumer } from './run-consumer.js';
import { RunProcessor } from './run-processor.js';

export interface EngineWorkerParts {
  readonly engine: EngineName;
  readonly runs: RunConsumer;
  readonly pages: PageConsumer;
  readonly store: RunStore;
  readonly snapshots: SnapshotStore;
  readonly pageStore: PageStore;
  /** Where its pins go. */
  readonly lake: LakeLocation;
  readonly log: Log;
}

/** What works once the engine is open. */
interface Working {
  readonly engine: AnalysisEngine;
  readonly processor: RunProcessor;
}

/** One engine with the queues that it works off: engines do not wait for each other. */
export class EngineWorker {
  readonly engine: EngineName;
  readonly #parts: EngineWorkerParts;
  readonly #shutdown = new AbortController();
  #working: Working | null = null;
  #stopped: Promise<unknown> = Promise.resolve();

  constructor(parts: EngineWorkerParts) {
    this.engine = parts.engine;
    this.#parts = parts;
  }

  get runningCount(): number {
    return this.#working?.processor.runningCount ?? 0;
  }

  /** Whether the engine is open and takes work. */
  get works(): boolean {
    return this.#working !== null;
  }

  /** Takes work for this engine, which is closed with the worker. */
  start(engine: AnalysisEngine): void {
    const { runs, pages, store, snapshots, pageStore, lake, log } = this.#parts;
    const processor = new RunProcessor({ store, snapshots, engine, lake, log });
    this.#working = { engine, processor };
    runs.start(processor);
    pages.start(
      new PageProcessor({ store, snapshots, pages: pageStore, engine, lake, shutdown: this.#shutdown.signal, log }),
    );
  }

  /** The last client of a run has detached. */
  cancel(runId: string): void {
    this.#working?.processor.cancel(runId);
  }

  /** Takes no more work; waits at most `graceMs` for what runs. */
  async drain(graceMs: number): Promise<void> {
    const { runs, pages } = this.#parts;
    this.#stopped = Promise.allSettled([runs.worker.close(), pages.worker.close()]);
    await Promise.race([this.#stopped, sleep(graceMs)]);
  }

  /** Gives back what still runs, so that another worker takes it, and closes the engine. */
  async close(graceMs: number): Promise<void> {
    this.#shutdown.abort();
    this.#working?.processor.releaseAll();
    await Promise.race([this.#stopped, sleep(graceMs)]);
    if (this.#working !== null) await Promise.race([this.#working.engine.close(), sleep(graceMs)]);
  }
}
