import { AppError, BUCKETS, DAY_MS, HOUR_MS, type Interval } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import type { StoredFigures } from '../runs/run-records.js';
import { MAX_BARS, peakHoursOf, volumeOf } from './charts.js';

const from = Date.UTC(2026, 4, 1);
const cells = [{ start: from, posts: 9, retweets: 1, replies: 0, quotes: 0 }];

function charted(length: number): { figures: StoredFigures; interval: Interval; timeZone: string } {
  return { figures: { cells } as unknown as StoredFigures, interval: { from, to: from + length }, timeZone: 'UTC' };
}

function refusal(length: number, bucket: (typeof BUCKETS)[number]): string {
  try {
    volumeOf(charted(length), bucket);
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_USER_INPUT') return error.message;
  }
  return '';
}

describe('volumeOf', () => {
  it('refuses bars shorter than the cells that are there, and says which are the smallest', () => {
    expect(refusal(6 * HOUR_MS, '5min')).toMatch(/^MINUTES_5 .*MINUTES_15\.$/);
    expect(refusal(6 * HOUR_MS, '15min')).toBe('');
    expect(refusal(6 * HOUR_MS - 1, '5min')).toBe('');
  });

  it('refuses more than 5,000 bars', () => {
    expect(refusal(20 * 365 * DAY_MS, '15min')).toMatch(/WEEK_1\.$/);
    expect(refusal(20 * 365 * DAY_MS, '1d')).toMatch(/WEEK_1\.$/);
    expect(refusal(90 * DAY_MS, '15min')).toMatch(/MINUTES_30\.$/);
    for (const bucket of BUCKETS) {
      if (refusal(90 * DAY_MS, bucket) !== '') continue;
      expect(volumeOf(charted(90 * DAY_MS), bucket).buckets.length).toBeLessThanOrEqual(MAX_BARS);
    }
  });

  it('always has an answer when no bucket is asked', () => {
    for (const length of [1, HOUR_MS, DAY_MS, 90 * DAY_MS, 20 * 365 * DAY_MS]) {
      const { buckets } = volumeOf(charted(length), null);
      expect(buckets.length).toBeLessThanOrEqual(250);
    }
  });

  it('computes each chart of a result once', () => {
    const result = charted(DAY_MS);
    expect(volumeOf(result, '1h')).toBe(volumeOf({ ...result }, '1h'));
    expect(volumeOf(result, '1h')).not.toBe(volumeOf(result, '3h'));
    expect(peakHoursOf(result)).toBe(peakHoursOf({ ...result }));
  });
});
