import type { Interval } from '@analytica/domain';
import type { DataFile } from './manifest.js';

type Times = Pick<DataFile, 'minCreatedAt' | 'maxCreatedAt'>;

/** Whether a post of the file can lie in the interval. */
export function overlaps(file: Times, interval: Interval): boolean {
  return file.maxCreatedAt >= interval.from && file.minCreatedAt < interval.to;
}

/** Whether every post of the file lies in the interval. */
export function isWithin(file: Times, interval: Interval): boolean {
  return file.minCreatedAt >= interval.from && file.maxCreatedAt < interval.to;
}
