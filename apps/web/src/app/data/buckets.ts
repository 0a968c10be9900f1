import { type Bucket, type Interval, cellLength, fitBucket } from '@analytica/domain';
import type { BucketSize } from './generated/graphql';

interface Size {
  /** As the API calls it. */
  readonly name: BucketSize;
  /** What stands after "Posts per". */
  readonly text: string;
}

const SIZES: Readonly<Record<Bucket, Size>> = {
  '5min': { name: 'MINUTES_5', text: '5 minutes' },
  '15min': { name: 'MINUTES_15', text: '15 minutes' },
  '30min': { name: 'MINUTES_30', text: '30 minutes' },
  '1h': { name: 'HOUR_1', text: 'hour' },
  '3h': { name: 'HOURS_3', text: '3 hours' },
  '6h': { name: 'HOURS_6', text: '6 hours' },
  '1d': { name: 'DAY_1', text: 'day' },
  '1w': { name: 'WEEK_1', text: 'week' },
  '1mo': { name: 'MONTH_1', text: 'month' },
};
const TEXTS = Object.fromEntries(Object.values(SIZES).map(({ name, text }) => [name, text])) as Record<
  BucketSize,
  string
>;

/** The smallest bucket whose bars have room in a plot of this width. */
export function bucketForWidth(interval: Interval, width: number): BucketSize {
  return SIZES[fitBucket(interval, width, cellLength(interval))].name;
}

/** "hour", "3 hours" */
export function bucketText(bucket: BucketSize): string {
  return TEXTS[bucket];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Less than this is not a whole bucket: the 23 hours of a day when clocks go forward are one, so are February’s 28 days. */
const WHOLE: Readonly<Record<BucketSize, number>> = {
  MINUTES_5: 5 * MINUTE,
  MINUTES_15: 15 * MINUTE,
  MINUTES_30: 30 * MINUTE,
  HOUR_1: HOUR,
  HOURS_3: 2 * HOUR,
  HOURS_6: 5 * HOUR,
  DAY_1: 23 * HOUR,
  WEEK_1: 167 * HOUR,
  MONTH_1: 671 * HOUR,
};

/** Whether a bucket at the edge of an interval is cut by it. */
export function cutShort(bucket: BucketSize, from: number, to: number): boolean {
  return to - from < WHOLE[bucket];
}
