import {
  AppError,
  BUCKETS,
  type Bucket,
  cellLength,
  fitBucket,
  groupVolume,
  type Interval,
  type PeakHours,
  peakHours,
  smallestBucket,
  spansByBucket,
} from '@analytica/domain';
import type { StoredFigures } from '../runs/run-records.js';
import type { VolumeModel } from './result-model.js';

/** Pixels of a chart that 200 bars fit on. Without a bucket, `volume` is cut for this width. */
const VOLUME_WIDTH = 900;
export const MAX_BARS = 5_000;

/** What the charts of one result are made from. All who read a result at a time share one figures object. */
export interface Charted {
  readonly figures: StoredFigures;
  readonly interval: Interval;
  readonly timeZone: string;
}

interface Charts {
  readonly volumes: Map<Bucket, VolumeModel>;
  peakHours: PeakHours | null;
}

const made = new WeakMap<StoredFigures, Charts>();

/**
 * The bars of a result; each size is computed once.
 * @throws AppError `BAD_USER_INPUT` for a bucket shorter than the engine's cells, or one of which there would be too many.
 */
export function volumeOf({ figures, interval, timeZone }: Charted, asked: Bucket | null): VolumeModel {
  const cell = cellLength(interval);
  const bucket = asked ?? fitBucket(interval, VOLUME_WIDTH, cell);
  const { volumes } = chartsOf(figures);
  const known = volumes.get(bucket);
  if (known !== undefined) return known;
  if (asked !== null) check(interval, asked, smallestBucket(interval, cell, MAX_BARS));
  const bars = groupVolume(figures.cells, interval, bucket, timeZone);
  const gaps = spansByBucket(figures.notCaptured?.spans ?? [], bars);
  const volume = { bucket, buckets: bars.map((bar, index) => ({ ...bar, gaps: gaps[index] ?? [] })) };
  volumes.set(bucket, volume);
  return volume;
}

export function peakHoursOf({ figures, interval, timeZone }: Charted): PeakHours {
  const charts = chartsOf(figures);
  charts.peakHours ??= peakHours(figures.cells, interval, timeZone, figures.notCaptured?.spans);
  return charts.peakHours;
}

function chartsOf(figures: StoredFigures): Charts {
  let charts = made.get(figures);
  if (charts === undefined) {
    charts = { volumes: new Map(), peakHours: null };
    made.set(figures, charts);
  }
  return charts;
}

function check(interval: Interval, asked: Bucket, smallest: Bucket): void {
  if (BUCKETS.indexOf(asked) >= BUCKETS.indexOf(smallest)) return;
  throw new AppError(
    'BAD_USER_INPUT',
    `${asked} is too small a bucket for an interval of this length: the smallest is ${smallest}.`,
    { details: { smallest } },
  );
}
