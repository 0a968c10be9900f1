import { HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS } from '../time-units.js';

/** `[from, to)`, instants in epoch milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Counts of one UTC minute or quarter hour; `start` in epoch milliseconds (rule 17). */
export interface IntervalCell {
  readonly start: number;
  readonly posts: number;
  readonly retweets: number;
  readonly replies: number;
  readonly quotes: number;
}

/** Length of the cells that engines return for an interval: minutes under 6 h, else quarter hours (rule 17). */
export function cellLength(interval: Interval): number {
  return interval.to - interval.from < 6 * HOUR_MS ? MINUTE_MS : QUARTER_HOUR_MS;
}
