import type { AnalysisProgress } from '@analytica/domain';
import type { AnalysisSink } from '../analysis-engine.js';
import type { Partition } from '../partitions.js';

/** Reports how far a run is; a run that begins again on another session reports nothing twice. */
export class Progress {
  readonly #sink: AnalysisSink;
  readonly #partitions: readonly Partition[];
  #reported = -1;
  #last: AnalysisProgress;
  #reporting: Promise<void> | null = null;
  #failure: unknown;

  constructor(sink: AnalysisSink, partitions: readonly Partition[]) {
    this.#sink = sink;
    this.#partitions = partitions;
    this.#last = { partitionsDone: 0, partitionsTotal: partitions.length, matchedPosts: 0, readFrom: null };
  }

  /** Reports that the run waits for a session and reads nothing, or that it waits no longer. */
  async waits(waiting: boolean): Promise<void> {
    await this.settled();
    const news = this.#reported < 0 || waiting !== (this.#last.waiting ?? false);
    this.#last = { ...this.#last, waiting };
    if (news) this.#report(Math.max(this.#reported, 0), true);
    await this.settled();
  }

  /** Reports how many partitions are read, newest first, and how many posts match. */
  async read(done: number, matchedPosts: number): Promise<void> {
    await this.settled();
    this.#last = { ...this.#last, matchedPosts, readFrom: this.#partitions[done - 1]?.hour ?? null };
    this.#report(done, done > this.#reported || this.#reported < 0);
    await this.settled();
  }

  /** Reports the progress (0 to 1) of the statement that reads the partitions from `done` to `end`; skipped while the sink is busy. */
  underway(done: number, end: number, part: number): void {
    const reached = Math.min(end - 1, done + Math.floor((end - done) * part));
    if (this.#reporting === null) this.#report(reached, reached > this.#reported);
  }

  /** Waits until the sink has taken the last report. @throws what the sink threw. */
  async settled(): Promise<void> {
    await this.#reporting;
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  #report(done: number, news: boolean): void {
    if (!news && done !== this.#reported) return;
    this.#reported = Math.max(done, this.#reported);
    this.#reporting = this.#sink
      .progress({ ...this.#last, partitionsDone: this.#reported })
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#reporting = null;
      });
  }
}
