import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS } from '../time-units.js';
import { zoneOffset } from '../time-zone.js';
import { type Bucket, BUCKET_LENGTH_MS as LENGTH, BUCKETS } from './bucket.js';
import type { Interval, IntervalCell } from './interval.js';

/** One bar: `[from, to)`, cut to the interval. */
export interface VolumeBucket {
  readonly from: number;
  readonly to: number;
  readonly posts: number;
  readonly retweets: number;
  readonly replies: number;
  readonly quotes: number;
}

const MIN_PITCH_PX = 4.5;
const DEFAULT_WIDTH_PX = 640;
/** Day 0 of the epoch was a Thursday. */
const DAYS_FROM_MONDAY = 3;

/** How many bars an interval has in a bucket, about: months and days on which clocks change count as usual ones. */
export function barCount(interval: Interval, bucket: Bucket): number {
  return Math.ceil((interval.to - interval.from) / LENGTH[bucket]);
}

/**
 * The smallest bucket that no cell of the engine is longer than, with at most `maxBars` bars: a smaller one would pile up
 * the posts of a cell in its first bar.
 * @param cellMs `cellLength(interval)`.
 */
export function smallestBucket(interval: Interval, cellMs: number, maxBars: number): Bucket {
  return BUCKETS.find((bucket) => LENGTH[bucket] >= cellMs && barCount(interval, bucket) <= maxBars) ?? 'MONTH_1';
}

/**
 * The smallest bucket (rule 17) whose bars stand at least 4.5 px apart, and that no cell of the engine is longer than.
 * @param widthPx width of the plot; what is not a positive number counts as 640.
 * @param cellMs `cellLength(interval)`.
 */
export function fitBucket(interval: Interval, widthPx: number, cellMs: number): Bucket {
  const width = widthPx > 0 ? widthPx : DEFAULT_WIDTH_PX;
  const length = interval.to - interval.from;
  return BUCKETS.find((b) => LENGTH[b] >= cellMs && (width * LENGTH[b]) / length >= MIN_PITCH_PX) ?? 'MONTH_1';
}

/**
 * Cells grouped into bars: contiguous from the start of the interval to its end, empty ones included, aligned to the
 * zone's midnight, Monday or first of the month (rule 17). The sum of the bars is the sum of the cells.
 * @param timeZone a zone that `parseTimeZone` takes; another throws RangeError.
 */
export function groupVolume(
  cells: readonly IntervalCell[],
  interval: Interval,
  bucket: Bucket,
  timeZone: string,
): VolumeBucket[] {
  const starts = bucketStarts(interval, bucket, timeZone);
  const bars = starts.map((from, i) => ({
    from,
    to: starts[i + 1] ?? interval.to,
    posts: 0,
    retweets: 0,
    replies: 0,
    quotes: 0,
  }));
  for (const cell of cells) {
    const bar = bars[lastAtOrBefore(starts, cell.start)];
    if (bar === undefined) continue;
    bar.posts += cell.posts;
    bar.retweets += cell.retweets;
    bar.replies += cell.replies;
    bar.quotes += cell.quotes;
  }
  return bars;
}

/**
 * Walks the interval in steps that every zone's clock and every boundary falls on, and starts a bucket where the local
 * time enters a new one. Where clocks go back, hours and shorter buckets come twice, longer ones become longer.
 */
function bucketStarts({ from, to }: Interval, bucket: Bucket, timeZone: string): number[] {
  const step = bucket === 'MINUTES_5' ? 5 * MINUTE_MS : QUARTER_HOUR_MS;
  const repeats = LENGTH[bucket] <= HOUR_MS;
  const offset = zoneOffset(timeZone);
  const indexOf = bucketIndex(bucket);
  const starts = [from];
  let current = indexOf(from + offset(from));
  for (let instant = (Math.floor(from / step) + 1) * step; instant < to; instant += step) {
    const local = instant + offset(instant);
    const index = indexOf(local);
    if (index > current || (repeats && local % LENGTH[bucket] === 0)) {
      starts.push(instant);
      current = index;
    }
  }
  return starts;
}

/** A number that grows by one from bucket to bucket of local time. */
function bucketIndex(bucket: Bucket): (local: number) => number {
  if (bucket === 'WEEK_1') return (local) => Math.floor((Math.floor(local / DAY_MS) + DAYS_FROM_MONDAY) / 7);
  if (bucket !== 'MONTH_1') return (local) => Math.floor(local / LENGTH[bucket]);
  let dayKept = Number.NaN;
  let month = 0;
  return (local) => {
    const day = Math.floor(local / DAY_MS);
    if (day !== dayKept) {
      const date = new Date(day * DAY_MS);
      month = date.getUTCFullYear() * 12 + date.getUTCMonth();
      dayKept = day;
    }
    return month;
  };
}

/** The first cell may begin before the interval does: it belongs to the first bar. */
function lastAtOrBefore(starts: readonly number[], instant: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
