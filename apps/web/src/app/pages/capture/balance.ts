import type { CaptureStatus } from '../../data/capture-detail';

type Accounting = CaptureStatus['accounting'];

/** The terms of docs/counting.md, rule 2, in its order. */
const TERMS = [
  ['stored', 'Stored'],
  ['duplicates', 'Seen before'],
  ['deletes', 'Deletes'],
  ['notPosts', 'Not posts'],
  ['deadLetters', 'Set aside'],
  ['filtered', 'Other languages'],
  ['pending', 'On the way'],
] as const satisfies readonly (readonly [keyof Accounting, string])[];

export interface Term {
  readonly label: string;
  readonly records: number;
}

/** What became of all records. */
export interface Balance {
  readonly received: number;
  readonly terms: readonly Term[];
  /** How many records more than the terms have were received; 0 where both sides are equal. */
  readonly difference: number;
}

/** Every term of the accounting, and whether they add up. */
export function balanceOf(accounting: Accounting): Balance {
  const terms = TERMS.map(([key, label]) => ({ label, records: accounting[key] }));
  const sum = terms.reduce((total, { records }) => total + records, 0);
  return { received: accounting.received, terms, difference: accounting.received - sum };
}
