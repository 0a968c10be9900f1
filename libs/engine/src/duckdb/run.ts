import { MOST_RETWEETED_KEPT, NEWEST_KEPT, type AnalysisResult, type AnalysisSpec } from '@analytica/domain';
import { missingHours, type Snapshot } from '@analytica/lake';
import { figuresOf } from '../aggregate/figures.js';
import type { AnalysisSink } from '../analysis-engine.js';
import { type TopicMatches, rowsOf, takeChunk } from './topic-matches.js';
import { newestPosts } from './newest-posts.js';
import { Pace } from './pace.js';
import type { Partition, ScanFile } from '../partitions.js';
import { mostRetweeted } from './most-retweeted.js';
import type { Batch } from './scan.js';
import type { EngineConnection } from './connection.js';

/** Display rows of a partial result: what the dashboard shows at first. */
const PARTIAL_NEWEST = 30;
const PARTIAL_RETWEETED = 10;

/** Chunks that are read at once: while one hands its rows over, or has work left for one thread only, the other is at work. */
const FETCHES = 2;

/** One run from the first chunk to the last figure. */
export class Run {
  readonly #connection: EngineConnection;
  readonly #matches: TopicMatches;
  readonly #spec: AnalysisSpec;
  readonly #snapshot: Snapshot;
  readonly #sink: AnalysisSink;
  /** Where texts of posts come from; empty: from nowhere. */
  readonly #files: readonly ScanFile[];
  readonly #pace: Pace;
  /** Partitions whose reading has begun. */
  #begun = 0;
  #scanned = 0;

  constructor(
    connection: EngineConnection,
    matches: TopicMatches,
    spec: AnalysisSpec,
    snapshot: Snapshot,
    sink: AnalysisSink,
    files: readonly ScanFile[],
  ) {
    this.#connection = connection;
    this.#matches = matches;
    this.#spec = spec;
    this.#snapshot = snapshot;
    this.#sink = sink;
    this.#files = files;
    this.#pace = new Pace(matches.partitions.length);
  }

  /** While a chunk is counted in, and a partial result is made of what there is, DuckDB reads the next ones. */
  async result(): Promise<AnalysisResult> {
    const { partitions } = this.#matches;
    await this.#report(0);
    const readings = [this.#read()];
    try {
      for (let done = 0; done < partitions.length;) {
        const { chunk, batch } = await (readings.shift() ?? this.#read()).promise;
        done += chunk.length;
        this.#scanned += rowsOf(chunk);
        while (readings.length < FETCHES && this.#begun < partitions.length) readings.push(this.#read());
        const start = performance.now();
        this.#matches.add(batch);
        this.#pace.countingTook(rowsOf(chunk), performance.now() - start);
        await this.#report(done);
        if (this.#pace.partialDue(done)) await this.#partial();
      }
    } finally {
      await Promise.all(readings.map(({ settled }) => settled));
    }
    return this.#evaluate(true);
  }

  #read(): Reading {
    const { partitions } = this.#matches;
    const rows = this.#pace.chunkRows(rowsOf(partitions.slice(this.#begun)));
    const chunk = takeChunk(partitions, this.#begun, rows, this.#pace.chunkPartitions);
    this.#begun += chunk.length;
    const promise = this.#fetch(chunk);
    return { promise, settled: promise.then(ignore, ignore) };
  }

  async #fetch(chunk: readonly Partition[]): Promise<Chunk> {
    const start = performance.now();
    const batch = await this.#matches.fetch(chunk);
    this.#pace.chunkTook(rowsOf(chunk), performance.now() - start);
    return { chunk, batch };
  }

  async #report(done: number): Promise<void> {
    const { partitions, posts } = this.#matches;
    await this.#sink.progress({
      partitionsDone: done,
      partitionsTotal: partitions.length,
      matchedPosts: posts.rows,
      readFrom: partitions[done - 1]?.hour ?? null,
    });
    this.#connection.throwIfCancelled();
  }

  async #partial(): Promise<void> {
    const before = performance.now();
    const partial = await this.#evaluate(false);
    this.#pace.partialTook(performance.now() - before);
    await this.#sink.partial(partial);
    this.#connection.throwIfCancelled();
  }

  async #evaluate(complete: boolean): Promise<AnalysisResult> {
    const live = await this.#matches.live(this.#connection);
    const figures = await figuresOf(live, this.#spec.interval);
    const [newestKept, retweetedKept] = complete
      ? [NEWEST_KEPT, MOST_RETWEETED_KEPT]
      : [PARTIAL_NEWEST, PARTIAL_RETWEETED];
    const source = [this.#connection, this.#snapshot, live] as const;
    const newest = await newestPosts(...source, this.#files, 0, newestKept);
    const tombstones = await this.#matches.tombstones(this.#connection);
    const retweeted = await mostRetweeted(...source, tombstones, this.#files, 0, retweetedKept);
    return {
      ...figures,
      complete,
      scannedPosts: this.#scanned,
      newest,
      mostRetweeted: retweeted.posts,
      retweetedPosts: retweeted.total,
      missingHours: missingHours(this.#snapshot.manifest, this.#spec.interval),
    };
  }
}

interface Chunk {
  readonly chunk: readonly Partition[];
  readonly batch: Batch;
}

interface Reading {
  readonly promise: Promise<Chunk>;
  /** Resolves whichever way the promise goes: the connection must not close under a query. */
  readonly settled: Promise<void>;
}

function ignore(): void {
  // Whoever awaits the promise itself learns of its failure.
}
