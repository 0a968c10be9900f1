import { HOUR_MS, type Interval, MINUTE_MS, cellLength, fitBucket } from '@analytica/domain';
import type { BucketSize } from './generated/graphql';

/** Bucket sizes as they follow "Posts per". */
const BUCKET_TEXTS: Readonly<Record<BucketSize, string>> = {
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
  return BUCKET_TEXTS[bucket];
}

/** A bucket of at least this length is whole: a day of 23 hours when clocks go forward, a February of 28 days. */
const WHOLE_BUCKET_MS: Readonly<Record<BucketSize, number>> = {
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

/** Whether the interval cuts off a part of the bucket at its edge. */
export function isCut(bucket: BucketSize, from: number, to: number): boolean {
  return to - from < WHOLE_BUCKET_MS[bucket];
}
