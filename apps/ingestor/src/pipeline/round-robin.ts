import type { PreparedBatch } from './prepared-batch.js';
import type { SourceRun } from './source-run.js';

/** Batches of one source that go into the log together. */
export interface TakenBatches {
  readonly run: SourceRun;
  readonly batches: readonly PreparedBatch[];
}

/** Takes batches from several sources in turn, so that none that gives much keeps another waiting. */
export class RoundRobin {
  readonly #runs: SourceRun[] = [];
  #next = 0;
  #changed = Promise.withResolvers<undefined>();

  get runs(): readonly SourceRun[] {
    return this.#runs;
  }

  /** Adds a source. Its run is to call `notify` when it changes. */
  add(run: SourceRun): void {
    this.#runs.push(run);
  }

  notify(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve(undefined);
  }

  /**
   * The next batches; null once no source will give any more.
   * @throws what went wrong while a batch was prepared.
   */
  async take(): Promise<TakenBatches | null> {
    for (;;) {
      const { promise } = this.#changed;
      const run = this.#nextReady();
      if (run !== null) return { run, batches: run.intake.take() };
      if (this.#runs.every(({ intake }) => intake.isOver)) return null;
      await promise;
    }
  }

  #nextReady(): SourceRun | null {
    for (let step = 0; step < this.#runs.length; step += 1) {
      const index = (this.#next + step) % this.#runs.length;
      const run = this.#runs[index];
      if (run?.intake.isReady !== true) continue;
      this.#next = index + 1;
      return run;
    }
    return null;
  }
}
