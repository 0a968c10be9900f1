import type { BucketSize } from './generated/graphql';

const HOUR = 3_600_000;
/** Smallest first, with the least length in ms. */
const LENGTHS: readonly (readonly [BucketSize, number])[] = [
  ['MINUTES_5', HOUR / 12],
  ['MINUTES_15', HOUR / 4],
  ['MINUTES_30', HOUR / 2],
  ['HOUR_1', HOUR],
  ['HOURS_3', 3 * HOUR],
  ['HOURS_6', 6 * HOUR],
  ['DAY_1', 24 * HOUR],
  ['WEEK_1', 168 * HOUR],
  ['MONTH_1', 672 * HOUR],
];
const MIN_PITCH = 4.5;

/** The smallest bucket whose bars get at least 4.5 px each. */
export function bucketForWidth(from: number, to: number, width: number): BucketSize {
  return LENGTHS.find(([, length]) => (width * length) / (to - from) >= MIN_PITCH)?.[0] ?? 'MONTH_1';
}

const TITLES: Record<BucketSize, string> = {
  MINUTES_5: '5 minutes',
  MINUTES_15: '15 minutes',
  MINUTES_30: '30 minutes',
  HOUR_1: 'hour',
  HOURS_3: '3 hours',
  HOURS_6: '6 hours',
  DAY_1: 'day',
  WEEK_1: 'week',
  MONTH_1: 'month',
};

/** "hour", "3 hours": what stands after "Posts per". */
export function bucketText(bucket: BucketSize): string {
  return TITLES[bucket];
}

export function isDays(bucket: BucketSize): boolean {
  return bucket === 'DAY_1' || bucket === 'WEEK_1' || bucket === 'MONTH_1';
}

/** Whether a bucket at the edge of an interval is shorter than its size; the 23 hours of a day when clocks go forward are a whole day. */
export function cutShort(bucket: BucketSize, from: number, to: number): boolean {
  const length = LENGTHS.find(([name]) => name === bucket)?.[1] ?? 0;
  return to - from < length * 0.95;
}
