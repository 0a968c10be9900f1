import {
  AppError,
  cellLength,
  MOST_RETWEETED_KEPT,
  NEWEST_KEPT,
  TOP_LIST_LENGTH,
  type AnalysisResult,
  type AnalysisSpec,
} from '@analytica/domain';
import { allStopWords } from '@analytica/domain/stop-words';
import { parseCanonical, type TopicNode } from '@analytica/domain/topic';
import type { Snapshot } from '@analytica/lake';
import type { LeasedSession } from '@analytica/livy';
import {
  createTemplates,
  readAnalysis,
  readPosts,
  type PostsParams,
  type SparkTemplates,
  type TopicTree,
} from '@analytica/spark-templates';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from '../analysis-engine.js';
import { filesInOrder, partitionsOf, placesOf, type Partition } from '../partitions.js';
import { cancelled, failureOf } from './failures.js';
import { rootUriOf, type SparkEngineOptions } from './options.js';
import { piecesOf } from './plan.js';
import { Progress } from './progress.js';
import { analysisResult, displayPost, emptyAnswer, retweetedPost } from './results.js';
import { Statements } from './statements.js';

/** Display rows of a partial result: what the dashboard shows at first. */
const PARTIAL_NEWEST = 30;
const PARTIAL_RETWEETED = 10;

/**
 * The cluster engine: PySpark in Livy sessions. A run leases a session, reads the newest partitions for a first result, then
 * the others, and gives the session back; one whose session is lost begins once more on another.
 */
export function createSparkEngine(options: SparkEngineOptions): AnalysisEngine {
  return new SparkEngine(options);
}

class SparkEngine implements AnalysisEngine {
  readonly name = 'cluster';
  readonly #options: SparkEngineOptions;
  readonly #templates = createTemplates({ stopWords: allStopWords() });
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: SparkEngineOptions) {
    this.#options = options;
  }

  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    return this.#guarded(signal, async () => {
      const question = questionOf(spec, snapshot, this.#options);
      const progress = new Progress(sink, question.partitions);
      await progress.read(0, 0);
      throwIfCancelled(signal);
      if (question.partitions.length === 0) return analysisResult(emptyAnswer(), 0, true);
      return await this.#onSession(signal, (statements) =>
        new Run(statements, this.#templates, this.#options, spec, question, progress, sink, signal).result(),
      );
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
      const { partitions, ...question } = questionOf(spec, snapshot, this.#options);
      if (partitions.length === 0) return { posts: [], retweeted: [], total: 0 };
      const read = placesOf(partitions);
      return await this.#onSession(signal, async (statements) => {
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
    this.#running.add(running);
    try {
      const answer = await running;
      throwIfCancelled(signal);
      return answer;
    } catch (error) {
      throw failureOf(error, signal);
    } finally {
      this.#running.delete(running);
    }
  }

  async #onSession<T>(signal: AbortSignal, work: (statements: Statements) => Promise<T>): Promise<T> {
    const { pool, tenant, acquireTimeoutMs, onQueue } = this.#options;
    onQueue?.(pool.waiting);
    return await pool.withSession(
      async (session: LeasedSession) => {
        onQueue?.(null);
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
        ...(tenant === undefined ? {} : { tenant }),
        ...(acquireTimeoutMs === undefined ? {} : { timeoutMs: acquireTimeoutMs }),
      },
    );
  }
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/** What every statement of a question is told, and the partitions to read. */
interface Question extends Omit<PostsParams, 'run' | 'read' | 'order' | 'offset' | 'limit'> {
  readonly partitions: readonly Partition[];
}

function questionOf(spec: AnalysisSpec, snapshot: Snapshot, options: SparkEngineOptions): Question {
  const files = filesInOrder(snapshot.manifest);
  return {
    root: rootUriOf(snapshot, options),
    files: files.map(({ file: { path, minCreatedAt, maxCreatedAt, bytes } }) => [
      path,
      minCreatedAt,
      maxCreatedAt,
      bytes,
    ]),
    tombstones: snapshot.manifest.tombstones.map(({ path, bytes }) => [path, bytes]),
    topic: treeOf(parseCanonical(spec.topic).root),
    interval: spec.interval,
    retweetWords: spec.includeRetweetWords,
    ...(options.heldRows === undefined ? {} : { held: options.heldRows }),
    partitions: partitionsOf(files, spec.interval),
  };
}

/** The topic's tree without what only people read. */
function treeOf(node: TopicNode): TopicTree {
  switch (node.type) {
    case 'term':
      return { type: 'term', column: node.column, needle: node.needle };
    case 'not':
      return { type: 'not', child: treeOf(node.child) };
    default:
      return { type: node.type, children: node.children.map(treeOf) };
  }
}

/** One run on one session, from the first piece to the last figure. */
class Run {
  readonly #statements: Statements;
  readonly #templates: SparkTemplates;
  readonly #options: SparkEngineOptions;
  readonly #spec: AnalysisSpec;
  readonly #question: Question;
  readonly #progress: Progress;
  readonly #sink: AnalysisSink;
  readonly #signal: AbortSignal;

  constructor(
    statements: Statements,
    templates: SparkTemplates,
    options: SparkEngineOptions,
    spec: AnalysisSpec,
    question: Question,
    progress: Progress,
    sink: AnalysisSink,
    signal: AbortSignal,
  ) {
    this.#statements = statements;
    this.#templates = templates;
    this.#options = options;
    this.#spec = spec;
    this.#question = question;
    this.#progress = progress;
    this.#sink = sink;
    this.#signal = signal;
  }

  async result(): Promise<AnalysisResult> {
    const pieces = piecesOf(this.#question.partitions);
    let done = 0;
    let scanned = 0;
    for (const [place, piece] of pieces.entries()) {
      const complete = place === pieces.length - 1;
      const answer = await this.#answer(piece, done, complete);
      done += piece.length;
      scanned += piece.reduce((sum, { rows }) => sum + rows, 0);
      await this.#progress.read(done, answer.matched);
      throwIfCancelled(this.#signal);
      const result = analysisResult(answer, scanned, complete);
      if (complete) return result;
      await this.#sink.partial(result);
      throwIfCancelled(this.#signal);
    }
    throw new AppError('ENGINE_FAILED', 'There was nothing to read.');
  }

  async #answer(piece: readonly Partition[], done: number, complete: boolean) {
    const { partitions: _, ...question } = this.#question;
    const program = this.#templates.analysis({
      ...question,
      run: this.#statements.run,
      read: placesOf(piece),
      more: !complete,
      stopWords: this.#spec.includeStopWords,
      cell: cellLength(this.#spec.interval),
      newest: complete ? NEWEST_KEPT : PARTIAL_NEWEST,
      retweeted: complete ? MOST_RETWEETED_KEPT : PARTIAL_RETWEETED,
      top: TOP_LIST_LENGTH,
    });
    const reply = await this.#statements.reply(program, {
      signal: this.#signal,
      timeoutMs: this.#options.statementTimeoutMs,
      onProgress: (part) => {
        this.#progress.underway(done, done + piece.length, part);
      },
    });
    return readAnalysis(reply);
  }
}
