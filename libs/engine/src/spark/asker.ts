import type { AnalysisResult, AnalysisSpec } from '@analytica/domain';
import type { AnalysisSink } from '../analysis-engine.js';
import { cancelled, failureOf } from './failures.js';
import type { Progress } from './progress.js';
import type { Question } from './question.js';

/** Somebody who waits for the result of an analysis. */
export class Asker {
  readonly #answer = Promise.withResolvers<AnalysisResult>();
  #isDone = false;

  constructor(
    readonly spec: AnalysisSpec,
    readonly question: Question,
    readonly progress: Progress,
    readonly sink: AnalysisSink,
    readonly signal: AbortSignal,
  ) {
    // Whoever asks may learn of it later.
    this.#answer.promise.catch(() => undefined);
  }

  get answer(): Promise<AnalysisResult> {
    return this.#answer.promise;
  }

  /** Whether nobody waits any more: answered, failed, or cancelled. */
  get isGone(): boolean {
    return this.#isDone || this.signal.aborted;
  }

  resolve(result: AnalysisResult): void {
    this.#isDone = true;
    if (this.signal.aborted) this.#answer.reject(cancelled());
    else this.#answer.resolve(result);
  }

  reject(error: unknown): void {
    this.#isDone = true;
    this.#answer.reject(failureOf(error, this.signal));
  }
}
