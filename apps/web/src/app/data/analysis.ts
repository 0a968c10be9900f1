import type { AnalysisFieldsFragment, UserErrorFieldsFragment } from './generated/graphql';

export type Analysis = AnalysisFieldsFragment;
export type AnalysisResult = NonNullable<Analysis['result']>;
export type UserError = UserErrorFieldsFragment;

export function isOver(analysis: Pick<Analysis, 'status'>): boolean {
  return analysis.status === 'SUCCEEDED' || analysis.status === 'FAILED' || analysis.status === 'CANCELLED';
}
