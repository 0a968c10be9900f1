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
    expect(refusal(6 * HOUR_MS, 'MINUTES_5')).toMatch(/^MINUTES_5 .*MINUTES_15\.$/);
    expect(refusal(6 * HOUR_MS, 'MINUTES_15')).toBe('');
    expect(refusal(6 * HOUR_MS - 1, 'MINUTES_5')).toBe('');
  });

  it('refuses more than 5,000 bars', () => {
    expect(refusal(20 * 365 * DAY_MS, 'MINUTES_15')).toMatch(/WEEK_1\.$/);
    expect(refusal(20 * 365 * DAY_MS, 'DAY_1')).toMatch(/WEEK_1\.$/);
    expect(refusal(90 * DAY_MS, 'MINUTES_15')).toMatch(/MINUTES_30\.$/);
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
    expect(volumeOf(result, 'HOUR_1')).toBe(volumeOf({ ...result }, 'HOUR_1'));
    expect(volumeOf(result, 'HOUR_1')).not.toBe(volumeOf(result, 'HOURS_3'));
    expect(peakHoursOf(result)).toBe(peakHoursOf({ ...result }));
  });
});
