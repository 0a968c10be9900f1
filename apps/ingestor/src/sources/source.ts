import type { IngestPath, PostSource } from '@analytica/domain';
import type { Gap, GapCause, SourceReport } from '@analytica/domain/contracts';

/** A JSON value that says where a source was; the log keeps it in the same write as the records read up to there. */
export type Cursor = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What a live source says of the times in which it captured, in the order in which it happened; `at` is epoch ms, by the arrival
 * clock or, where the platform gives each record a time of its own that it can go on from, by that. A source that says anything says
 * `began` with its first batch, and `reached` every few seconds, also while no posts come: what it had not reached when the process
 * was killed counts as missed. A source that never says anything counts as capturing with each batch of its stream. That the process
 * stops, that the machine slept, and that the source failed, is noted without it.
 * began: it captures from `at` on; what it did not capture since the end before is a gap. reached: it has given all that happened up
 * to `at`. ended: it captures no more since `at`. missed: it captures, but the platform did not give what happened in between.
 */
export type CoverageEvent =
  | { readonly type: 'began'; readonly at: number }
  | { readonly type: 'reached'; readonly at: number }
  | { readonly type: 'ended'; readonly at: number; readonly cause: GapCause }
  | { readonly type: 'missed'; readonly from: number; readonly to: number; readonly cause: GapCause }
  /** What happened in between was asked for afterwards, and all of it came. `source`: whose gaps it fills, where not its own. */
  | {
      readonly type: 'refilled';
      readonly from: number;
      readonly to: number;
      readonly posts: number;
      readonly source?: string;
    };

/** Whole lines as they came, without their newline, and the place in the source after the last of them. */
export interface RawBatch {
  readonly lines: readonly Buffer[];
  /** Arrival time (epoch ms): the clock that the source was made with, or the demo's own for the past that it fills. */
  readonly arrivedAt: number;
  readonly path: IngestPath;
  readonly cursor: Cursor;
  /** Names of authors that stand in no line, by author id. */
  readonly handles?: ReadonlyMap<string, string>;
  /** Holds once the lines are in the log, and is kept with them; a batch may have no lines but for this. */
  readonly coverage?: readonly CoverageEvent[];
}

/** What a source may know of the capture that it is part of. */
export interface SourceContext {
  /** Gaps of all sources as they are known by now, oldest first. */
  gaps(): readonly Gap[];
  /** Tells people one sentence about what it does. */
  tell(sentence: string): void;
}

/** What a source will soon, or does, keep still for. */
export interface SourceWarning {
  readonly sentence: string;
  /** People are told anew when this changes, not with each figure in the sentence. */
  readonly cause: string;
}

/** Where raw records come from. A batch counts as taken only when the next one is asked for: until then it may be replayed. */
export interface Source {
  /** For logs and the dashboard, and the key of its cursor in the log: it stays the same over versions. */
  readonly name: string;
  /** Written into each row's `source`, whatever the shape of the line; null: as the line's shape says. */
  readonly postSource: PostSource | null;
  /** Milliseconds added to every `created_at` (replay with rebase); 0 otherwise. It is read after the first batch. */
  readonly shiftMs: number;
  /** The import that its posts belong to, a name by `IMPORT_NAME` of the lake; null for a source whose posts are captured. */
  readonly importName: string | null;
  /**
   * Goes on after `resume`, the cursor of the last batch that reached the log; from the start where it is null. It ends when the
   * source does, and may be called again after it threw.
   */
  batches(resume: Cursor | null, signal: AbortSignal): AsyncIterable<RawBatch>;
  /** Share of a bounded job that is done (0 to 1), or null where there is no end. */
  progress(): number | null;
  status(): SourceReport;
  /** What people should know before it stops them; null for nothing. */
  warning?(): SourceWarning | null;
  /** Called once, before the first `batches`, where the source has use for it. */
  attach?(context: SourceContext): void;
}
