import type {
  AnalysisFigures,
  AnalysisProgress,
  AnalysisSpec,
  AppErrorCode,
  DisplayPost,
  EngineChoice,
  EngineName,
  IntervalPreset,
  MissingHours,
  NotCaptured,
  RetweetedPost,
} from '@analytica/domain';

export const ANALYSIS_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const;
export type AnalysisStatus = (typeof ANALYSIS_STATUSES)[number];

export function isTerminal(status: AnalysisStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED';
}

export interface RunError {
  readonly code: AppErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** What a client reads about the data behind an answer. */
export interface SnapshotSummary {
  readonly id: string;
  readonly watermark: number;
  readonly files: number;
  readonly posts: number;
}

/** The part of a run that changes, and that an event carries. Times are epoch milliseconds. */
export interface RunState {
  readonly status: AnalysisStatus;
  readonly progress: AnalysisProgress | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: RunError | null;
  /** How many partial results the run has written so far; only the newest is kept. */
  readonly partials: number;
}

/** One entry of a run's stream. `detached` names the analysis that its client has cancelled. */
export interface RunEvent {
  readonly seq: number;
  readonly state: RunState;
  readonly detached: string | null;
}

/** A run: the work of an engine on one question, shared by all clients who asked the same (rule 21). */
export interface RunRecord {
  readonly id: string;
  readonly spec: AnalysisSpec;
  readonly engine: EngineName;
  readonly snapshot: SnapshotSummary;
  readonly state: RunState;
}

/** An analysis: what one client asked, and the run that it is attached to. */
export interface AnalysisRecord {
  readonly id: string;
  /** As it was asked. */
  readonly topic: string;
  readonly preset: IntervalPreset | null;
  /** The engine that was asked for, or the default. */
  readonly engineChoice: EngineChoice;
  readonly createdAt: number;
  readonly run: RunRecord;
  /** The run's state as this client sees it: it ends when the client cancels, though the run may continue for others. */
  readonly state: RunState;
  readonly detachedSeq: number | null;
}

/** Figures of a result, kept apart from its rows, so that a page of posts does not cost a chart and the other way round. */
export interface StoredFigures extends AnalysisFigures {
  readonly complete: boolean;
  readonly hash: string | null;
  readonly scannedPosts: number;
  readonly elapsedMs: number;
  /** What the figures lack (counting.md, rule 26); absent in results of the version before. */
  readonly missingHours?: readonly MissingHours[];
  /** What of the interval was not captured (rule 29); absent in results of the version before. */
  readonly notCaptured?: NotCaptured;
}

export interface StoredRows {
  readonly complete: boolean;
  readonly posts: number;
  /** Null where the engine does not report it. */
  readonly retweetedPosts: number | null;
  readonly newest: readonly DisplayPost[];
  readonly mostRetweeted: readonly RetweetedPost[];
}

/** A name of the present figures and rows of an analysis: the final ones, or the partial ones by their number. */
export function resultName({ id, run, state, detachedSeq }: AnalysisRecord): string {
  return `${detachedSeq === null ? run.id : id} ${state.status === 'SUCCEEDED' ? 'final' : String(state.partials)}`;
}
