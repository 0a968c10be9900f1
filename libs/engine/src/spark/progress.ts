import type { AnalysisProgress } from '@analytica/domain';
import type { AnalysisSink } from '../analysis-engine.js';
import type { Partition } from '../partitions.js';

/** Reports how far a run is; a run that begins again on another session reports nothing twice. */
export class Progress {
  readonly #sink: AnalysisSink;
  readonly #partitions: readonly Partition[];
  #told = -1;
  #last: AnalysisProgress;
  #telling: Promise<void> | null = null;
  #failure: unknown;

  constructor(sink: AnalysisSink, partitions: readonly Partition[]) {
    this.#sink = sink;
    this.#partitions = partitions;
    this.#last = { partitionsDone: 0, partitionsTotal: partitions.length, matchedPosts: 0, readFrom: null };
  }

  /** Nothing is read yet, for the run waits for a session, or no longer. */
  async waits(waiting: boolean): Promise<void> {
    await this.settled();
    const news = this.#told < 0 || waiting !== (this.#last.waiting ?? false);
    this.#last = { ...this.#last, waiting };
    if (news) this.#tell(Math.max(this.#told, 0), true);
    await this.settled();
  }

  /** So many partitions are read, newest first, and so many posts matched. */
  async read(done: number, matchedPosts: number): Promise<void> {
    await this.settled();
    this.#last = { ...this.#last, matchedPosts, readFrom: this.#partitions[done - 1]?.hour ?? null };
    this.#tell(done, done > this.#told || this.#told < 0);
    await this.settled();
  }

  /** The statement that reads the partitions from `done` to `end` is so far (0 to 1). Left out while the sink is busy. */
  underway(done: number, end: number, part: number): void {
    const reached = Math.min(end - 1, done + Math.floor((end - done) * part));
    if (this.#telling === null) this.#tell(reached, reached > this.#told);
  }

  /** Waits for what is being told. */
  async settled(): Promise<void> {
    await this.#telling;
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  #tell(done: number, news: boolean): void {
    if (!news && done !== this.#told) return;
    this.#told = Math.max(done, this.#told);
    this.#telling = this.#sink
      .progress({ ...this.#last, partitionsDone: this.#told })
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#telling = null;
      });
  }
}
