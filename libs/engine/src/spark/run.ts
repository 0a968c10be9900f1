import { AppError, cellLength, MOST_RETWEETED_KEPT, NEWEST_KEPT, TOP_LIST_LENGTH } from '@analytica/domain';
import {
  readAnalyses,
  readAnalysis,
  type AnalysisAnswer,
  type SparkProgram,
  type SparkTemplates,
} from '@analytica/spark-templates';
import { placesOf, type Partition } from '../partitions.js';
import type { SparkEngineOptions } from './options.js';
import type { PendingAnalysis } from './pending-analysis.js';
import { piecesOf } from './plan.js';
import { analysisResult } from './results.js';
import type { Statements } from './statements.js';

/** Display rows of a partial result: what the dashboard shows at first. */
const PARTIAL_NEWEST = 30;
const PARTIAL_RETWEETED = 10;

/** The matched sets of several questions do not fit into one session: each question needs a run of its own. */
export class SharedRunTooLarge extends Error {
  override readonly name = 'SharedRunTooLarge';
}

/** One run on one session, from the first piece to the last figure, for one analysis or for several about the same files. */
export class Run {
  readonly #statements: Statements;
  readonly #templates: SparkTemplates;
  readonly #options: SparkEngineOptions;
  readonly #analyses: readonly [PendingAnalysis, ...PendingAnalysis[]];
  readonly #signal: AbortSignal;

  constructor(
    statements: Statements,
    templates: SparkTemplates,
    options: SparkEngineOptions,
    analyses: readonly [PendingAnalysis, ...PendingAnalysis[]],
    signal: AbortSignal,
  ) {
    this.#statements = statements;
    this.#templates = templates;
    this.#options = options;
    this.#analyses = analyses;
    this.#signal = signal;
  }

  /** Settles every analysis, or throws an error that concerns all of them. */
  async answer(): Promise<void> {
    const pieces = piecesOf(this.#analyses[0].question.partitions);
    if (pieces.length === 0) throw new AppError('ENGINE_FAILED', 'There was nothing to read.');
    await Promise.all(this.#analyses.map(reportStart));
    let done = 0;
    let scanned = 0;
    for (const [place, piece] of pieces.entries()) {
      const complete = place === pieces.length - 1;
      const answers = await this.#answers(piece, done, complete);
      done += piece.length;
      scanned += piece.reduce((sum, { rows }) => sum + rows, 0);
      await Promise.all(
        this.#analyses.map(async (analysis, index) => {
          const answer = answers[index];
          if (answer !== undefined && !analysis.isOver) await deliver(analysis, answer, done, scanned, complete);
        }),
      );
      if (this.#analyses.every(({ isOver }) => isOver)) return;
    }
  }

  async #answers(piece: readonly Partition[], done: number, complete: boolean): Promise<readonly AnalysisAnswer[]> {
    const reply = await this.#statements.reply(this.#program(piece, complete), {
      signal: this.#signal,
      timeoutMs: this.#options.statementTimeoutMs,
      onProgress: (part) => {
        for (const analysis of this.#analyses) {
          if (!analysis.isOver) analysis.progress.underway(done, done + piece.length, part);
        }
      },
    });
    if (this.#analyses.length === 1) return [readAnalysis(reply)];
    const answers = readAnalyses(reply);
    if (answers === null) throw new SharedRunTooLarge();
    return answers;
  }

  #program(piece: readonly Partition[], complete: boolean): SparkProgram {
    const [first] = this.#analyses;
    const { partitions: _, missingHours: _missing, topic, interval, ...common } = first.question;
    const statement = { ...common, run: this.#statements.run, read: placesOf(piece), more: !complete };
    if (this.#analyses.length === 1) {
      return this.#templates.analysis({ ...statement, topic, interval, ...wanted(first, complete) });
    }
    const intervals = this.#analyses.map(({ question }) => question.interval);
    return this.#templates.analyses({
      ...statement,
      interval: {
        from: Math.min(...intervals.map(({ from }) => from)),
        to: Math.max(...intervals.map(({ to }) => to)),
      },
      questions: this.#analyses.map((analysis) => ({
        topic: analysis.question.topic,
        interval: analysis.question.interval,
        ...wanted(analysis, complete),
      })),
    });
  }
}

function wanted({ spec }: PendingAnalysis, complete: boolean) {
  return {
    stopWords: spec.includeStopWords,
    cell: cellLength(spec.interval),
    newest: complete ? NEWEST_KEPT : PARTIAL_NEWEST,
    retweeted: complete ? MOST_RETWEETED_KEPT : PARTIAL_RETWEETED,
    top: TOP_LIST_LENGTH,
  };
}

/** A failure here and in `deliver` concerns this analysis alone. */
async function reportStart(analysis: PendingAnalysis): Promise<void> {
  try {
    if (!analysis.isOver) await analysis.progress.waits(false);
  } catch (error) {
    analysis.reject(error);
  }
}

async function deliver(
  analysis: PendingAnalysis,
  answer: AnalysisAnswer,
  done: number,
  scanned: number,
  complete: boolean,
) {
  try {
    await analysis.progress.read(done, answer.matched);
    if (analysis.isOver) return;
    const result = analysisResult(answer, analysis.question.missingHours, scanned, complete);
    if (complete) analysis.resolve(result);
    else await analysis.sink.partial(result);
  } catch (error) {
    analysis.reject(error);
  }
}
