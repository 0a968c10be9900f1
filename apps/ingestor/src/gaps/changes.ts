import type { CoverageChange } from '@analytica/domain/contracts';
import type { LogCoverage } from '../log/log-state.js';

type Unnumbered<T> = T extends unknown ? Omit<T, 'seq'> : never;
/** A change that is not in the log yet. */
export type NewChange = Unnumbered<CoverageChange>;

/**
 * The log's coverage with more changes: numbered, and without those that the lake lists. Of changes of one source that only say how
 * far it has come the last one says all, so that an hour without a flush makes no long list.
 */
export function withNewChanges(before: LogCoverage, news: readonly NewChange[], listedSeq: number): LogCoverage {
  const unlisted = before.unlisted.filter(({ seq }) => seq > listedSeq);
  let seq = Math.max(before.seq, listedSeq);
  for (const change of news) {
    seq += 1;
    const last = unlisted.findLastIndex(({ source }) => source === change.source);
    if (change.type === 'reached' && unlisted[last]?.type === 'reached') unlisted.splice(last, 1);
    unlisted.push({ ...change, seq });
  }
  return { seq, unlisted };
}
