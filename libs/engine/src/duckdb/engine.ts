import { AppError, MOST_RETWEETED_KEPT, NEWEST_KEPT, type AnalysisResult, type AnalysisSpec } from '@analytica/domain';
import { parseCanonical } from '@analytica/domain/topic';
import type { Snapshot } from '@analytica/lake';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from '../analysis-engine.js';
import type { MatchedShape } from './columns.js';
import { disjointConditions } from './condition.js';
import { figuresOf } from './figures.js';
import type { DuckDbEngineOptions } from './instance.js';
import { Instances } from './instances.js';
import { MatchedSet } from './matched-set.js';
import { newestPosts } from './newest.js';
import { Pace } from './pace.js';
import { filesInOrder, partitionsOf, type Partition, type ScanFile } from './partitions.js';
import { engineFailure } from './read-failure.js';
import { mostRetweeted } from './retweeted.js';
import type { Session } from './session.js';
import { Slots } from './slots.js';

/** Display rows of a partial result: what the dashboard shows at first. */
const PARTIAL_NEWEST = 30;
const PARTIAL_RETWEETED = 10;
/** Reading for a page is not reported: fewer, larger chunks. */
const PAGE_CHUNK_ROWS = 2_000_000;

/**
 * The embedded engine: DuckDB inside the process, reading the lake's Parquet files.
 *
 * One instance at a time serves all runs, each on a connection of its own; temporary tables spill to `tempDirectory` beyond
 * `memoryLimit`. Close it to free both.
 */
export async function createDuckDbEngine(options: DuckDbEngineOptions): Promise<AnalysisEngine> {
  return new DuckDbEngine(await Instances.open(options), options);
}

class DuckDbEngine implements AnalysisEngine {
  readonly name = 'embedded';
  readonly #instances: Instances;
  readonly #slots: Slots;
  readonly #displayRows: boolean;
  #closed = false;

  constructor(instances: Instances, options: DuckDbEngineOptions) {
    this.#instances = instances;
    this.#slots = new Slots(options.parallelRuns ?? Number.POSITIVE_INFINITY);
    this.#displayRows = options.displayRows ?? true;
  }

  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    return this.#inSession(signal, (session) => new Run(session, spec, snapshot, sink, this.#displayRows).result());
  }

  posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage> {
    return this.#inSession(signal, (session) => pageOf(session, spec, snapshot, page));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#slots.drained();
    await this.#instances.close();
  }

  async #inSession<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closed) throw new AppError('ENGINE_FAILED', 'The analysis engine is closed.');
    return this.#slots.use(signal, async () => {
      try {
        return await this.#instances.inSession(signal, work);
      } catch (error) {
        throw engineFailure(error);
      }
    });
  }
}

async function matchedSet(
  session: Session,
  spec: AnalysisSpec,
  snapshot: Snapshot,
  figures: boolean,
): Promise<MatchedSet> {
  const topic = parseCanonical(spec.topic);
  const shape: MatchedShape = { figures, includeRetweetWords: spec.includeRetweetWords };
  const set = new MatchedSet(session, snapshot, spec.interval, disjointConditions(topic.root), shape);
  await set.create();
  return set;
}

/** The next whole partitions, until they hold so many rows; not more than `most`. */
function takeChunk(
  partitions: readonly Partition[],
  from: number,
  rows: number,
  most = Infinity,
): readonly Partition[] {
  let end = from;
  let sum = 0;
  while (end < partitions.length && end - from < most && (end === from || sum < rows)) {
    sum += partitions[end]?.rows ?? 0;
    end++;
  }
  return partitions.slice(from, end);
}

/** One run from the first chunk to the last figure. */
class Run {
  readonly #session: Session;
  readonly #spec: AnalysisSpec;
  readonly #snapshot: Snapshot;
  readonly #sink: AnalysisSink;
  readonly #files: readonly ScanFile[];
  readonly #partitions: readonly Partition[];
  readonly #displayRows: boolean;
  #scanned = 0;

  constructor(session: Session, spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, displayRows: boolean) {
    this.#session = session;
    this.#spec = spec;
    this.#snapshot = snapshot;
    this.#sink = sink;
    this.#displayRows = displayRows;
    this.#files = filesInOrder(snapshot.manifest);
    this.#partitions = partitionsOf(this.#files, spec.interval);
  }

  async result(): Promise<AnalysisResult> {
    const set = await matchedSet(this.#session, this.#spec, this.#snapshot, true);
    const pace = new Pace(this.#partitions.length);
    await this.#report(set, 0);
    for (let done = 0; done < this.#partitions.length;) {
      const chunk = takeChunk(this.#partitions, done, pace.chunkRows, pace.chunkPartitions);
      const rows = chunk.reduce((sum, partition) => sum + partition.rows, 0);
      const start = performance.now();
      await set.read(chunk.flatMap(({ files }) => files));
      pace.chunkTook(rows, performance.now() - start);
      done += chunk.length;
      this.#scanned += rows;
      await this.#report(set, done);
      if (pace.partialDue(done)) {
        const before = performance.now();
        const partial = await this.#evaluate(set, false);
        pace.partialTook(performance.now() - before);
        await this.#sink.partial(partial);
        this.#session.throwIfCancelled();
      }
    }
    return this.#evaluate(set, true);
  }

  async #report(set: MatchedSet, done: number): Promise<void> {
    await this.#sink.progress({
      partitionsDone: done,
      partitionsTotal: this.#partitions.length,
      matchedPosts: set.rows,
      readFrom: this.#partitions[done - 1]?.hour ?? null,
    });
    this.#session.throwIfCancelled();
  }

  async #evaluate(set: MatchedSet, complete: boolean): Promise<AnalysisResult> {
    await set.settle();
    const figures = await figuresOf(this.#session, set, this.#spec);
    const files = this.#displayRows ? this.#files : [];
    const source = [this.#session, this.#snapshot, set, files] as const;
    const newest = await newestPosts(...source, 0, complete ? NEWEST_KEPT : PARTIAL_NEWEST);
    const retweeted = await mostRetweeted(...source, 0, complete ? MOST_RETWEETED_KEPT : PARTIAL_RETWEETED);
    return {
      ...figures,
      complete,
      scannedPosts: this.#scanned,
      newest,
      mostRetweeted: retweeted.posts,
      retweetedPosts: retweeted.total,
    };
  }
}

async function pageOf(
  session: Session,
  spec: AnalysisSpec,
  snapshot: Snapshot,
  page: PostPageRequest,
): Promise<PostPage> {
  const { offset, limit } = page;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(limit) || offset < 0 || limit < 0) {
    throw new AppError('BAD_USER_INPUT', 'A page needs an offset and a limit that are whole numbers and not negative.');
  }
  const set = await matchedSet(session, spec, snapshot, false);
  const files = filesInOrder(snapshot.manifest);
  const partitions = partitionsOf(files, spec.interval);
  for (let done = 0; done < partitions.length;) {
    const chunk = takeChunk(partitions, done, PAGE_CHUNK_ROWS);
    await set.read(chunk.flatMap((partition) => partition.files));
    done += chunk.length;
  }
  await set.settle();
  if (page.order === 'newest') {
    const posts = await newestPosts(session, snapshot, set, files, offset, limit);
    return { posts, retweeted: [], total: set.liveRows };
  }
  const { posts, total } = await mostRetweeted(session, snapshot, set, files, offset, limit);
  return { posts: posts.map(({ post }) => post), retweeted: posts, total };
}
