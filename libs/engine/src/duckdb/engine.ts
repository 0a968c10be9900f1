import { AppError, type AnalysisResult, type AnalysisSpec } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from '../analysis-engine.js';
import type { DuckDbEngineOptions } from './instance.js';
import { Instances } from './instances.js';
import { Matching, takeChunk } from './matching.js';
import { newestPosts } from './newest.js';
import { engineFailure } from './read-failure.js';
import { mostRetweeted } from './retweeted.js';
import { Run } from './run.js';
import type { Session } from './session.js';
import { Slots } from './slots.js';

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
  return new DuckDbEngine(await Instances.open(options), options);
}

class DuckDbEngine implements AnalysisEngine {
  readonly name = 'embedded';
  readonly #instances: Instances;
  readonly #slots: Slots;
  readonly #displayRows: boolean;
  readonly #matchedBytes: number;
  #closed = false;

  constructor(instances: Instances, options: DuckDbEngineOptions) {
    this.#instances = instances;
    this.#slots = new Slots(options.parallelRuns ?? Number.POSITIVE_INFINITY);
    this.#displayRows = options.displayRows ?? true;
    this.#matchedBytes = options.matchedBytes ?? MATCHED_BYTES;
  }

  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    return this.#inSessions(signal, async (session, fetching) => {
      const matching = new Matching(fetching, spec, snapshot, true, this.#matchedBytes);
      const files = this.#displayRows ? matching.files : [];
      return new Run(session, matching, spec, snapshot, sink, files).result();
    });
  }

  posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage> {
    return this.#inSessions(signal, (session, fetching) =>
      pageOf(session, new Matching(fetching, spec, snapshot, false, this.#matchedBytes), snapshot, page),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#slots.drained();
    await this.#instances.close();
  }

  /** Gives work a session to ask, and others that fetch meanwhile. */
  async #inSessions<T>(
    signal: AbortSignal,
    work: (session: Session, fetching: readonly Session[]) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw new AppError('ENGINE_FAILED', 'The analysis engine is closed.');
    return this.#slots.use(signal, async () => {
      try {
        return await this.#instances.inSession(signal, (session) =>
          this.#instances.inSession(signal, (one) =>
            this.#instances.inSession(signal, (other) => work(session, [one, other])),
          ),
        );
      } catch (error) {
        throw engineFailure(error);
      }
    });
  }
}

async function pageOf(
  session: Session,
  matching: Matching,
  snapshot: Snapshot,
  page: PostPageRequest,
): Promise<PostPage> {
  const { offset, limit } = page;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(limit) || offset < 0 || limit < 0) {
    throw new AppError('BAD_USER_INPUT', 'A page needs an offset and a limit that are whole numbers and not negative.');
  }
  const { partitions, files } = matching;
  for (let done = 0; done < partitions.length;) {
    const chunk = takeChunk(partitions, done, PAGE_CHUNK_ROWS);
    matching.add(await matching.fetch(chunk));
    done += chunk.length;
  }
  const live = await matching.live(session);
  if (page.order === 'newest') {
    const posts = await newestPosts(session, snapshot, live, files, offset, limit);
    return { posts, retweeted: [], total: live.count };
  }
  const tombstones = await matching.tombstones(session);
  const { posts, total } = await mostRetweeted(session, snapshot, live, tombstones, files, offset, limit);
  return { posts: posts.map(({ post }) => post), retweeted: posts, total };
}
