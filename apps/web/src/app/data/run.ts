import type { AnalysisFieldsFragment, UserErrorFieldsFragment } from './generated/graphql';

export type Analysis = AnalysisFieldsFragment;
export type AnalysisResult = NonNullable<Analysis['result']>;
export type UserError = UserErrorFieldsFragment;

/** Why there is no answer yet, and when it is asked again. */
export interface Outage {
  readonly code: string;
  readonly reason: string;
  readonly tried: readonly number[];
  /** Null: not by itself. */
  readonly retryAt: number | null;
}

export function isOver(analysis: Pick<Analysis, 'status'>): boolean {
  return analysis.status === 'SUCCEEDED' || analysis.status === 'FAILED' || analysis.status === 'CANCELLED';
}

/** Seconds until the next try: 5, 10, 20, 40, then every minute. */
export function retryDelay(tries: number): number {
  return Math.min(60_000, 5_000 * 2 ** (tries - 1));
}
