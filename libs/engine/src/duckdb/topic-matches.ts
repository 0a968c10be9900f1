import { AppError, type AnalysisSpec } from '@analytica/domain';
import { parseCanonical } from '@analytica/domain/topic';
import type { Snapshot } from '@analytica/lake';
import { type LivePosts, livePosts } from '../aggregate/live-posts.js';
import { MatchedPosts } from '../aggregate/matched-posts.js';
import { disjointConditions } from './condition.js';
import { filesInOrder, partitionsOf, type Partition, type ScanFile } from '../partitions.js';
import { type Batch, Scan } from './scan.js';
import type { EngineConnection } from './connection.js';
import { hasEvents, Tombstones } from './tombstones.js';

/** The next whole partitions, until they hold so many rows; not more than `most`. */
export function takeChunk(
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

export function rowsOf(chunk: readonly Partition[]): number {
  return chunk.reduce((sum, { rows }) => sum + rows, 0);
}

/** What matches of a snapshot, as far as it is read. */
export class TopicMatches {
  readonly files: readonly ScanFile[];
  readonly partitions: readonly Partition[];
  readonly posts: MatchedPosts;
  readonly #snapshot: Snapshot;
  readonly #scan: Scan;
  readonly #mostBytes: number;
  #tombstones: Tombstones | undefined;

  /** @param connections - one for each fetch that may be under way at once. */
  constructor(
    connections: readonly EngineConnection[],
    spec: AnalysisSpec,
    snapshot: Snapshot,
    figures: boolean,
    mostBytes: number,
  ) {
    const { interval, includeRetweetWords, includeStopWords } = spec;
    const conditions = disjointConditions(parseCanonical(spec.topic).root);
    this.files = filesInOrder(snapshot.manifest);
    this.partitions = partitionsOf(this.files, interval);
    const hiding = hasEvents(snapshot);
    this.posts = new MatchedPosts({ figures, includeStopWords, hiding });
    this.#scan = new Scan(
      connections,
      snapshot,
      { interval, conditions, shape: { figures, includeRetweetWords, hiding } },
      this.posts,
    );
    this.#snapshot = snapshot;
    this.#mostBytes = mostBytes;
  }

  fetch(chunk: readonly Partition[]): Promise<Batch> {
    return this.#scan.fetch(chunk.flatMap(({ files }) => files));
  }

  add(batch: Batch): void {
    this.#scan.add(batch);
    requireSize(this.posts, this.#mostBytes);
  }

  /** Those of the posts so far that count. The connection is not the one that fetches: it may be busy with the next chunk. */
  async live(connection: EngineConnection): Promise<LivePosts> {
    return livePosts(this.posts, await this.tombstones(connection));
  }

  async tombstones(connection: EngineConnection): Promise<Tombstones> {
    return (this.#tombstones ??= await Tombstones.load(connection, this.#snapshot));
  }
}

/** @throws AppError `ENGINE_FAILED` where a matched set is larger than it may be. */
function requireSize(posts: MatchedPosts, mostBytes: number): void {
  if (posts.bytes <= mostBytes) return;
  throw new AppError(
    'ENGINE_FAILED',
    `More than ${posts.rows.toLocaleString('en')} posts match, too many to keep on this machine: ask for a shorter interval or a narrower topic.`,
    { details: { matchedPosts: posts.rows } },
  );
}
