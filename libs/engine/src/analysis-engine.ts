import type {
  AnalysisProgress,
  AnalysisResult,
  AnalysisSpec,
  DisplayPost,
  EngineName,
  PostOrder,
  RetweetedPost,
} from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';

/** Where a run reports to. Calls are awaited, so that a slow reader slows the run instead of filling memory. */
export interface AnalysisSink {
  progress(progress: AnalysisProgress): Promise<void>;
  /** A whole result with `complete: false`, at most 2 a second. */
  partial(result: AnalysisResult): Promise<void>;
}

export interface PostPageRequest {
  readonly order: PostOrder;
  readonly offset: number;
  readonly limit: number;
}

export interface PostPage {
  readonly posts: readonly DisplayPost[];
  /** Filled for `most-retweeted`, in step with `posts`. */
  readonly retweeted: readonly RetweetedPost[];
  readonly total: number;
}

/**
 * Answers questions about one lake. Every implementation gives the same figures in the same order
 * (docs/counting.md; the suite in `@analytica/engine/conformance` is the proof).
 */
export interface AnalysisEngine {
  readonly name: EngineName;
  /**
   * Filters once into a matched set, then aggregates that set, newest partitions first.
   * @throws AppError `CANCELLED` once `signal` aborts, `TOPIC_SYNTAX` for a topic that does not parse, `ENGINE_FAILED` otherwise.
   */
  run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult>;
  /** A page of the matched posts, in a total order, so that pages of one snapshot never overlap. */
  posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage>;
  close(): Promise<void>;
}
