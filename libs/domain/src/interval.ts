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

export const MINUTE_MS = 60_000;
export const QUARTER_HOUR_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Length of the cells that engines return for an interval: minutes under 6 h, else quarter hours (rule 17). */
export function cellLength(interval: Interval): number {
  return interval.to - interval.from < 6 * HOUR_MS ? MINUTE_MS : QUARTER_HOUR_MS;
}

export type IntervalPreset = 'LAST_24_HOURS' | 'LAST_3_DAYS' | 'LAST_7_DAYS';

/** Bucket sizes of the volume chart, smallest first. */
export const BUCKETS = ['5min', '15min', '30min', '1h', '3h', '6h', '1d', '1w', '1mo'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** One bar: `[from, to)`, cut to the interval. */
export interface VolumeBucket {
  readonly from: number;
  readonly to: number;
  readonly posts: number;
  readonly retweets: number;
  readonly replies: number;
  readonly quotes: number;
}

/** Weekday (0 = Monday) by hour of the zone: `posts[weekday][hour]`, and the hours covered by the interval (fractions allowed). */
export interface PeakHours {
  readonly posts: readonly (readonly number[])[];
  readonly coveredHours: readonly (readonly number[])[];
}
