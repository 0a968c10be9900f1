import { AppError, type AnalysisResult, type AnalysisSpec } from '@analytica/domain';
import { allStopWords } from '@analytica/domain/stop-words';
import type { Snapshot } from '@analytica/lake';
import type { LeasedSession } from '@analytica/livy';
import { createTemplates, readPosts } from '@analytica/spark-templates';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from '../analysis-engine.js';
import { placesOf } from '../partitions.js';
import { cancelled, failureOf } from './failures.js';
import type { SparkEngineOptions } from './options.js';
import { PendingAnalysis } from './pending-analysis.js';
import { Progress } from './progress.js';
import { questionOf, type Question } from './question.js';
import { analysisResult, displayPost, emptyAnswer, retweetedPost } from './results.js';
import { Run } from './run.js';
import { SharedRuns } from './shared-runs.js';
import { Statements } from './statements.js';

/**
 * The cluster engine: PySpark in Livy sessions. A run leases a session, reads the newest partitions for a first result, then
 * the others, and gives the session back. A run whose session is lost starts once more on another session. Analyses that wait
 * for a session and read the same files share one run.
 */
export function createSparkEngine(options: SparkEngineOptions): AnalysisEngine {
  return new SparkEngine(options);
}

class SparkEngine implements AnalysisEngine {
  readonly name = 'cluster';
  readonly #options: SparkEngineOptions;
  readonly #templates = createTemplates({ stopWords: allStopWords() });
  readonly #running = new Set<Promise<unknown>>();
  readonly #sharedRuns: SharedRuns;
  #closed = false;

  constructor(options: SparkEngineOptions) {
    this.#options = options;
    this.#sharedRuns = new SharedRuns((signal, retries, work) =>
      this.#onSession(signal, retries, (statements) =>
        work((analyses) => new Run(statements, this.#templates, options, analyses, signal).answer()),
      ),
    );
  }

  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    return this.#guarded(signal, async () => {
      const question = questionOf(spec, snapshot, this.#options);
      const progress = new Progress(sink, question.partitions);
      await progress.waits(question.partitions.length > 0);
      throwIfCancelled(signal);
      if (question.partitions.length === 0) return analysisResult(emptyAnswer(), question.missingHours, 0, true);
      const analysis = new PendingAnalysis(spec, question, progress, sink, signal);
      this.#watch(this.#sharedRuns.answer(analysis, sameFiles(question, snapshot)));
      return await analysis.result;
    });
  }

  posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage> {
    return this.#guarded(signal, async () => {
      const { order, offset, limit } = page;
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(limit) || offset < 0 || limit < 0) {
        throw new AppError(
          'BAD_USER_INPUT',
          'A page needs an offset and a limit that are whole numbers and not negative.',
        );
      }
      const { partitions, missingHours: _, ...question } = questionOf(spec, snapshot, this.#options);
      if (partitions.length === 0) return { posts: [], retweeted: [], total: 0 };
      const read = placesOf(partitions);
      return await this.#onSession(signal, 1, async (statements) => {
        const params = { ...question, read, run: statements.run, order, offset, limit };
        const timeoutMs = this.#options.statementTimeoutMs;
        const reply = await statements.reply(this.#templates.posts(params), { signal, timeoutMs });
        const answer = readPosts(reply);
        const retweeted = answer.retweeted.map(retweetedPost);
        const posts = order === 'newest' ? answer.newest.map(displayPost) : retweeted.map(({ post }) => post);
        return { posts, retweeted, total: answer.total };
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }

  async #guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new AppError('ENGINE_FAILED', 'The analysis engine is closed.');
    throwIfCancelled(signal);
    const running = work();
    this.#watch(running);
    try {
      const answer = await running;
      throwIfCancelled(signal);
      return answer;
    } catch (error) {
      throw failureOf(error, signal);
    }
  }

  /** `close` waits for it. */
  #watch(running: Promise<unknown>): void {
    this.#running.add(running);
    const ended = (): void => {
      this.#running.delete(running);
    };
    running.then(ended, ended);
  }

  async #onSession<T>(signal: AbortSignal, retries: number, work: (statements: Statements) => Promise<T>): Promise<T> {
    const { pool, tenant, acquireTimeoutMs } = this.#options;
    return await pool.withSession(
      async (session: LeasedSession) => {
        const statements = new Statements(session, this.#templates);
        try {
          const answer = await work(statements);
          statements.finished();
          return answer;
        } finally {
          await statements.close();
        }
      },
      {
        signal,
        retries,
        ...(tenant === undefined ? {} : { tenant }),
        ...(acquireTimeoutMs === undefined ? {} : { timeoutMs: acquireTimeoutMs }),
      },
    );
  }
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/** The same text for questions that one run can answer: they read the same columns of the same files. */
function sameFiles({ root, partitions, retweetWords }: Question, { id, manifest }: Snapshot): string {
  const { committedSeq, files, unreadable } = manifest;
  const leftOut = unreadable.map(({ path }) => path);
  return JSON.stringify([root, id, committedSeq, files.length, leftOut, retweetWords, placesOf(partitions)]);
}
