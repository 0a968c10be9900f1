import { AppError, cellLength, MOST_RETWEETED_KEPT, NEWEST_KEPT, TOP_LIST_LENGTH } from '@analytica/domain';
import {
  readAnalyses,
  readAnalysis,
  type AnalysisAnswer,
  type SparkProgram,
  type SparkTemplates,
} from '@analytica/spark-templates';
import { placesOf, type Partition } from '../partitions.js';
import type { Asker } from './asker.js';
import type { SparkEngineOptions } from './options.js';
import { piecesOf } from './plan.js';
import { analysisResult } from './results.js';
import type { Statements } from './statements.js';

/** Display rows of a partial result: what the dashboard shows at first. */
const PARTIAL_NEWEST = 30;
const PARTIAL_RETWEETED = 10;

/** The matched sets of several questions are too large to be held together: each is to be answered by itself. */
export class TooMuchTogether extends Error {
  override readonly name = 'TooMuchTogether';
}

/** One run on one session, from the first piece to the last figure, for one asker or for several who ask about the same files. */
export class Run {
  readonly #statements: Statements;
  readonly #templates: SparkTemplates;
  readonly #options: SparkEngineOptions;
  readonly #askers: readonly [Asker, ...Asker[]];
  readonly #signal: AbortSignal;

  constructor(
    statements: Statements,
    templates: SparkTemplates,
    options: SparkEngineOptions,
    askers: readonly [Asker, ...Asker[]],
    signal: AbortSignal,
  ) {
    this.#statements = statements;
    this.#templates = templates;
    this.#options = options;
    this.#askers = askers;
    this.#signal = signal;
  }

  /** Settles every asker, or throws what concerns them all. */
  async answer(): Promise<void> {
    const pieces = piecesOf(this.#askers[0].question.partitions);
    if (pieces.length === 0) throw new AppError('ENGINE_FAILED', 'There was nothing to read.');
    await Promise.all(this.#askers.map(begin));
    let done = 0;
    let scanned = 0;
    for (const [place, piece] of pieces.entries()) {
      const complete = place === pieces.length - 1;
      const answers = await this.#answers(piece, done, complete);
      done += piece.length;
      scanned += piece.reduce((sum, { rows }) => sum + rows, 0);
      await Promise.all(
        this.#askers.map(async (asker, index) => {
          const answer = answers[index];
          if (answer !== undefined && !asker.isGone) await tell(asker, answer, done, scanned, complete);
        }),
      );
      if (this.#askers.every(({ isGone }) => isGone)) return;
    }
  }

  async #answers(piece: readonly Partition[], done: number, complete: boolean): Promise<readonly AnalysisAnswer[]> {
    const reply = await this.#statements.reply(this.#program(piece, complete), {
      signal: this.#signal,
      timeoutMs: this.#options.statementTimeoutMs,
      onProgress: (part) => {
        for (const asker of this.#askers) {
          if (!asker.isGone) asker.progress.underway(done, done + piece.length, part);
        }
      },
    });
    if (this.#askers.length === 1) return [readAnalysis(reply)];
    const answers = readAnalyses(reply);
    if (answers === null) throw new TooMuchTogether();
    return answers;
  }

  #program(piece: readonly Partition[], complete: boolean): SparkProgram {
    const [first] = this.#askers;
    const { partitions: _, missingHours: _missing, topic, interval, ...common } = first.question;
    const statement = { ...common, run: this.#statements.run, read: placesOf(piece), more: !complete };
    if (this.#askers.length === 1) {
      return this.#templates.analysis({ ...statement, topic, interval, ...wanted(first, complete) });
    }
    const intervals = this.#askers.map(({ question }) => question.interval);
    return this.#templates.analyses({
      ...statement,
      interval: {
        from: Math.min(...intervals.map(({ from }) => from)),
        to: Math.max(...intervals.map(({ to }) => to)),
      },
      questions: this.#askers.map((asker) => ({
        topic: asker.question.topic,
        interval: asker.question.interval,
        ...wanted(asker, complete),
      })),
    });
  }
}

function wanted({ spec }: Asker, complete: boolean) {
  return {
    stopWords: spec.includeStopWords,
    cell: cellLength(spec.interval),
    newest: complete ? NEWEST_KEPT : PARTIAL_NEWEST,
    retweeted: complete ? MOST_RETWEETED_KEPT : PARTIAL_RETWEETED,
    top: TOP_LIST_LENGTH,
  };
}

/** What goes wrong here and in `tell` concerns this asker alone. */
async function begin(asker: Asker): Promise<void> {
  try {
    if (!asker.isGone) await asker.progress.waits(false);
  } catch (error) {
    asker.reject(error);
  }
}

async function tell(asker: Asker, answer: AnalysisAnswer, done: number, scanned: number, complete: boolean) {
  try {
    await asker.progress.read(done, answer.matched);
    if (asker.isGone) return;
    const result = analysisResult(answer, asker.question.missingHours, scanned, complete);
    if (complete) asker.resolve(result);
    else await asker.sink.partial(result);
  } catch (error) {
    asker.reject(error);
  }
}
