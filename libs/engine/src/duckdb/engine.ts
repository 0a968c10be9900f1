import { AppError, type AnalysisResult, type AnalysisSpec } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from '../analysis-engine.js';
import type { DuckDbEngineOptions } from './open-instance.js';
import { RecycledInstance } from './recycled-instance.js';
import { TopicMatches, takeChunk } from './topic-matches.js';
import { newestPosts } from './newest-posts.js';
import { engineFailure } from './read-failure.js';
import { mostRetweeted } from './most-retweeted.js';
import { Run } from './run.js';
import type { EngineConnection } from './connection.js';
import { ConcurrencyLimit } from './concurrency-limit.js';

/** Reading for a page is not reported: fewer, larger chunks. */
const PAGE_CHUNK_ROWS = 2_000_000;
/** About seven million posts. */
const MATCHED_BYTES = 1024 ** 3;

/**
 * The embedded engine: DuckDB inside the process, reading the lake's Parquet files.
 *
 * DuckDB filters and reads, each run on a connection of its own; what matches is counted here (`aggregate/`), in memory, up to
 * `matchedBytes` a run. Close it to free both.
 */
export async function createDuckDbEngine(options: DuckDbEngineOptions): Promise<AnalysisEngine> {
  return new DuckDbEngine(await RecycledInstance.open(options), options);
}

class DuckDbEngine implements AnalysisEngine {
  readonly name = 'embedded';
  readonly #instance: RecycledInstance;
  readonly #limit: ConcurrencyLimit;
  readonly #displayRows: boolean;
  readonly #matchedBytes: number;
  #closed = false;

  constructor(instance: RecycledInstance, options: DuckDbEngineOptions) {
    this.#instance = instance;
    this.#limit = new ConcurrencyLimit(options.parallelRuns ?? Number.POSITIVE_INFINITY);
    this.#displayRows = options.displayRows ?? true;
    this.#matchedBytes = options.matchedBytes ?? MATCHED_BYTES;
  }

  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    return this.#withConnections(signal, async (connection, fetching) => {
      const matches = new TopicMatches(fetching, spec, snapshot, true, this.#matchedBytes);
      const files = this.#displayRows ? matches.files : [];
      return new Run(connection, matches, spec, snapshot, sink, files).result();
    });
  }

  posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage> {
    return this.#withConnections(signal, (connection, fetching) =>
      pageOf(connection, new TopicMatches(fetching, spec, snapshot, false, this.#matchedBytes), snapshot, page),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#limit.drained();
    await this.#instance.close();
  }

  /** Gives work a connection to ask, and others that fetch meanwhile. */
  async #withConnections<T>(
    signal: AbortSignal,
    work: (connection: EngineConnection, fetching: readonly EngineConnection[]) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw new AppError('ENGINE_FAILED', 'The analysis engine is closed.');
    return this.#limit.use(signal, async () => {
      try {
        return await this.#instance.withConnection(signal, (connection) =>
          this.#instance.withConnection(signal, (one) =>
            this.#instance.withConnection(signal, (other) => work(connection, [one, other])),
          ),
        );
      } catch (error) {
        throw engineFailure(error);
      }
    });
  }
}

async function pageOf(
  connection: EngineConnection,
  matches: TopicMatches,
  snapshot: Snapshot,
  page: PostPageRequest,
): Promise<PostPage> {
  const { offset, limit } = page;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(limit) || offset < 0 || limit < 0) {
    throw new AppError('BAD_USER_INPUT', 'A page needs an offset and a limit that are whole numbers and not negative.');
  }
  const { partitions, files } = matches;
  for (let done = 0; done < partitions.length;) {
    const chunk = takeChunk(partitions, done, PAGE_CHUNK_ROWS);
    matches.add(await matches.fetch(chunk));
    done += chunk.length;
  }
  const live = await matches.live(connection);
  if (page.order === 'newest') {
    const posts = await newestPosts(connection, snapshot, live, files, offset, limit);
    return { posts, retweeted: [], total: live.count };
  }
  const tombstones = await matches.tombstones(connection);
  const { posts, total } = await mostRetweeted(connection, snapshot, live, tombstones, files, offset, limit);
  return { posts: posts.map(({ post }) => post), retweeted: posts, total };
}
