import type { AnalysisResult, AnalysisSpec } from '@analytica/domain';
import type { AnalysisSink } from '../analysis-engine.js';
import { cancelled, failureOf } from './failures.js';
import type { Progress } from './progress.js';
import type { Question } from './question.js';

/** An analysis whose caller waits for the result. */
export class PendingAnalysis {
  readonly spec: AnalysisSpec;
  readonly question: Question;
  readonly progress: Progress;
  readonly sink: AnalysisSink;
  readonly signal: AbortSignal;
  readonly #result = Promise.withResolvers<AnalysisResult>();
  #isSettled = false;

  constructor(spec: AnalysisSpec, question: Question, progress: Progress, sink: AnalysisSink, signal: AbortSignal) {
    this.spec = spec;
    this.question = question;
    this.progress = progress;
    this.sink = sink;
    this.signal = signal;
    // The caller may await the result later than it fails.
    this.#result.promise.catch(() => undefined);
  }

  get result(): Promise<AnalysisResult> {
    return this.#result.promise;
  }

  /** Whether the caller waits no more: the analysis has a result, has failed, or is cancelled. */
  get isOver(): boolean {
    return this.#isSettled || this.signal.aborted;
  }

  resolve(result: AnalysisResult): void {
    this.#isSettled = true;
    if (this.signal.aborted) this.#result.reject(cancelled());
    else this.#result.resolve(result);
  }

  reject(error: unknown): void {
    this.#isSettled = true;
    this.#result.reject(failureOf(error, this.signal));
  }
}
