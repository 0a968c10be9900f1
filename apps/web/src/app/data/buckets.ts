import { HOUR_MS, type Interval, MINUTE_MS, cellLength, fitBucket } from '@analytica/domain';
import type { BucketSize } from './generated/graphql';

/** What stands after "Posts per". */
const TEXTS: Readonly<Record<BucketSize, string>> = {
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

/** The smallest bucket whose bars have room in a plot of this width. */
export function bucketForWidth(interval: Interval, width: number): BucketSize {
  return fitBucket(interval, width, cellLength(interval));
}

/** "hour", "3 hours" */
export function bucketText(bucket: BucketSize): string {
  return TEXTS[bucket];
}

/** Less than this is not a whole bucket: the 23 hours of a day when clocks go forward are one, so are February’s 28 days. */
const WHOLE: Readonly<Record<BucketSize, number>> = {
  MINUTES_5: 5 * MINUTE_MS,
  MINUTES_15: 15 * MINUTE_MS,
  MINUTES_30: 30 * MINUTE_MS,
  HOUR_1: HOUR_MS,
  HOURS_3: 2 * HOUR_MS,
  HOURS_6: 5 * HOUR_MS,
  DAY_1: 23 * HOUR_MS,
  WEEK_1: 167 * HOUR_MS,
  MONTH_1: 671 * HOUR_MS,
};

/** Whether a bucket at the edge of an interval is cut by it. */
export function cutShort(bucket: BucketSize, from: number, to: number): boolean {
  return to - from < WHOLE[bucket];
}
