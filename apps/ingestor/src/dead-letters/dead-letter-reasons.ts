import type { DeadLetter } from '../pipeline/prepared-batch.js';

/** Reasons that are counted by themselves. */
const MAX_REASONS = 20;
const OTHERS = 'other reasons';
const MAX_LENGTH = 80;

/** A reason without what is special to one record: `not JSON: Unexpected token` is `not JSON`. */
export function reasonOf(reason: string): string {
  const general = reason.split(/: | \(/)[0] ?? reason;
  return general.slice(0, MAX_LENGTH).toWellFormed();
}

/** Adds dead letters to the counters by reason. Few reasons are counted by themselves, whatever a file or a platform sends. */
export function countReasons(
  before: Readonly<Record<string, number>>,
  letters: readonly Pick<DeadLetter, 'reason'>[],
): Readonly<Record<string, number>> {
  if (letters.length === 0) return before;
  const counts = new Map(Object.entries(before));
  for (const letter of letters) {
    const reason = reasonOf(letter.reason);
    const key = counts.has(reason) || counts.size < MAX_REASONS ? reason : OTHERS;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
