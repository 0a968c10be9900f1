import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS } from '../time-units.js';
import { type Bucket, BUCKETS } from './bucket.js';
import { cellLength, type Interval, type IntervalCell } from './interval.js';
import { peakHours } from './peak-hours.js';
import { barCount, fitBucket, groupVolume, smallestBucket } from './volume.js';

const at = (iso: string): number => Date.parse(iso);
const between = (from: string, to: string): Interval => ({ from: at(from), to: at(to) });
const cell = (start: number, posts = 1): IntervalCell => ({ start, posts, retweets: 0, replies: 0, quotes: 0 });

/** `2026-03-29T00:00+01:00`-like, without the formatter under test. */
function starts(interval: Interval, bucket: Bucket, zone: string): string[] {
  return groupVolume([], interval, bucket, zone).map(({ from }) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(from),
  );
}

describe('fitBucket (rule 17)', () => {
  it.each<[number, number, Bucket]>([
    [7 * DAY_MS, 760, 'HOUR_1'],
    [7 * DAY_MS, 320, 'HOURS_3'],
    [3 * DAY_MS, 760, 'MINUTES_30'],
    [DAY_MS, 760, 'MINUTES_15'],
    [5 * HOUR_MS, 760, 'MINUTES_5'],
    [90 * DAY_MS, 760, 'DAY_1'],
    [365 * DAY_MS, 760, 'WEEK_1'],
    [20 * 365 * DAY_MS, 760, 'MONTH_1'],
    [20 * 365 * DAY_MS, 10, 'MONTH_1'],
    [HOUR_MS, Number.NaN, 'MINUTES_5'],
    [DAY_MS, -1, 'MINUTES_15'],
  ])('%d ms on %d px: %s', (length, width, bucket) => {
    expect(fitBucket({ from: 0, to: length }, width, cellLength({ from: 0, to: length }))).toBe(bucket);
  });
});

describe('smallestBucket', () => {
  it.each([
    [HOUR_MS, MINUTE_MS, 'MINUTES_5'],
    [6 * HOUR_MS, QUARTER_HOUR_MS, 'MINUTES_15'],
    [90 * DAY_MS, QUARTER_HOUR_MS, 'MINUTES_30'],
    [7305 * DAY_MS, QUARTER_HOUR_MS, 'WEEK_1'],
  ] as const)('of %d ms with cells of %d ms is %s', (length, cell, bucket) => {
    const interval = { from: 0, to: length };
    expect(smallestBucket(interval, cell, 5_000)).toBe(bucket);
    expect(barCount(interval, bucket)).toBeLessThanOrEqual(5_000);
  });
});

describe('groupVolume (rule 17)', () => {
  it('cuts the first and the last bar to the interval, and shows what is empty', () => {
    const interval = between('2026-01-01T10:20:00Z', '2026-01-01T12:30:00Z');
    const cells = [cell(at('2026-01-01T10:15:00Z'), 2), cell(at('2026-01-01T12:15:00Z'), 3)];
    expect(groupVolume(cells, interval, 'HOUR_1', 'UTC').map((b) => [b.from, b.to, b.posts])).toEqual([
      [at('2026-01-01T10:20:00Z'), at('2026-01-01T11:00:00Z'), 2],
      [at('2026-01-01T11:00:00Z'), at('2026-01-01T12:00:00Z'), 0],
      [at('2026-01-01T12:00:00Z'), at('2026-01-01T12:30:00Z'), 3],
    ]);
  });

  it('has days of 23 and 25 hours', () => {
    const hours = (interval: Interval): number[] =>
      groupVolume([], interval, 'DAY_1', 'Europe/Rome').map((b) => (b.to - b.from) / HOUR_MS);
    expect(hours(between('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z'))).toEqual([24, 23, 24]);
    expect(hours(between('2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z'))).toEqual([24, 25, 24]);
  });

  it('aligns to the local midnight, also where clocks change', () => {
    expect(starts(between('2026-03-28T23:00:00Z', '2026-03-29T10:00:00Z'), 'HOURS_3', 'Europe/Rome')).toEqual([
      '2026-03-29 00:00',
      '2026-03-29 03:00',
      '2026-03-29 06:00',
      '2026-03-29 09:00',
    ]);
    const back = between('2026-10-24T22:00:00Z', '2026-10-25T05:00:00Z');
    expect(starts(back, 'HOURS_3', 'Europe/Rome')).toEqual(['2026-10-25 00:00', '2026-10-25 03:00']);
    expect(starts(back, 'HOUR_1', 'Europe/Rome').map((s) => s.slice(11))).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ]);
    // Kathmandu is 5:45 ahead
    expect(starts(between('2026-01-01T00:00:00Z', '2026-01-01T03:00:00Z'), 'HOUR_1', 'Asia/Kathmandu')).toEqual([
      '2026-01-01 05:45',
      '2026-01-01 06:00',
      '2026-01-01 07:00',
      '2026-01-01 08:00',
    ]);
  });

  it('starts a day whose midnight does not exist, or comes twice, once', () => {
    // Cairo springs from 24 April 00:00 to 01:00; Havana falls back from 1 November 01:00 to 00:00.
    expect(starts(between('2026-04-22T22:00:00Z', '2026-04-24T21:00:00Z'), 'DAY_1', 'Africa/Cairo')).toEqual([
      '2026-04-23 00:00',
      '2026-04-24 01:00',
    ]);
    expect(starts(between('2026-10-31T04:00:00Z', '2026-11-02T06:00:00Z'), 'DAY_1', 'America/Havana')).toEqual([
      '2026-10-31 00:00',
      '2026-11-01 00:00',
      '2026-11-02 00:00',
    ]);
  });

  it('starts weeks on Monday and months on the 1st', () => {
    expect(starts(between('2026-02-25T12:00:00Z', '2026-03-17T00:00:00Z'), 'WEEK_1', 'America/New_York')).toEqual([
      '2026-02-25 07:00',
      '2026-03-02 00:00',
      '2026-03-09 00:00',
      '2026-03-16 00:00',
    ]);
    expect(starts(between('2025-12-15T00:00:00Z', '2026-03-02T00:00:00Z'), 'MONTH_1', 'Asia/Tokyo')).toEqual([
      '2025-12-15 09:00',
      '2026-01-01 00:00',
      '2026-02-01 00:00',
      '2026-03-01 00:00',
    ]);
  });

  it('loses no post and leaves no hole, whatever interval, bucket and zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2025-01-01T00:00:00Z') / MINUTE_MS, max: at('2026-12-01T00:00:00Z') / MINUTE_MS }),
        fc.integer({ min: 1, max: 60 * 24 * 14 }),
        fc.constantFrom(...BUCKETS),
        fc.constantFrom(
          'UTC',
          'Europe/Rome',
          'Australia/Lord_Howe',
          'Asia/Kathmandu',
          'America/Havana',
          'Africa/Cairo',
        ),
        fc.array(fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), posts: fc.nat(100) })),
        (start, minutes, bucket, zone, seeds) => {
          const interval = { from: start * MINUTE_MS, to: (start + minutes) * MINUTE_MS };
          const size = cellLength(interval);
          const cells = seeds.map(({ place, posts }) => {
            const instant = interval.from + Math.floor(place * (interval.to - interval.from - 1));
            return cell(Math.floor(instant / size) * size, posts);
          });
          const bars = groupVolume(cells, interval, bucket, zone);
          const sum = cells.reduce((total, c) => total + c.posts, 0);
          expect(bars.reduce((total, b) => total + b.posts, 0)).toBe(sum);
          expect(bars[0]?.from).toBe(interval.from);
          expect(bars.at(-1)?.to).toBe(interval.to);
          bars.forEach((bar, i) => {
            expect(bar.to).toBeGreaterThan(bar.from);
            if (i > 0) expect(bar.from).toBe(bars[i - 1]?.to);
          });
          const peak = peakHours(cells, interval, zone);
          expect(peak.posts.flat().reduce((a, b) => a + b)).toBe(sum);
          expect(peak.coveredHours.flat().reduce((a, b) => a + b)).toBeCloseTo(minutes / 60, 6);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('groups 10,000 cells in under 50 ms of processor time', () => {
    const from = at('2026-03-01T00:00:00Z');
    const cells = Array.from({ length: 10_000 }, (_, i) => cell(from + i * QUARTER_HOUR_MS));
    const interval = { from, to: from + 10_000 * QUARTER_HOUR_MS };
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      groupVolume(cells, interval, 'HOUR_1', 'America/Sao_Paulo');
      return process.cpuUsage(before).user / 1_000;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

describe('peakHours (rule 17)', () => {
  it('counts from Monday, in the zone', () => {
    // Sunday 23:30 UTC is Monday 00:30 in Rome
    const { posts } = peakHours(
      [cell(at('2026-01-04T23:30:00Z'), 5)],
      between('2026-01-04T00:00:00Z', '2026-01-06T00:00:00Z'),
      'Europe/Rome',
    );
    expect(posts[0]?.[0]).toBe(5);
    expect(posts.flat().reduce((a, b) => a + b)).toBe(5);
  });

  it('covers fractions of hours', () => {
    const { coveredHours } = peakHours([], between('2026-01-05T10:20:00Z', '2026-01-05T12:15:00Z'), 'UTC');
    expect(coveredHours[0]?.[10]).toBeCloseTo(40 / 60, 9);
    expect(coveredHours[0]?.[11]).toBe(1);
    expect(coveredHours[0]?.[12]).toBe(0.25);
    expect(coveredHours[1]?.[10]).toBe(0);
  });

  it('weighs the days on which clocks change by the hours they had', () => {
    const spring = peakHours([], between('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'), 'Europe/Rome')
      .coveredHours[6];
    expect([spring?.[1], spring?.[2], spring?.[3]]).toEqual([1, 0, 1]);
    const autumn = peakHours([], between('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'), 'Europe/Rome')
      .coveredHours[6];
    expect([autumn?.[1], autumn?.[2], autumn?.[3]]).toEqual([1, 2, 1]);
    const howe = peakHours([], between('2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'), 'Australia/Lord_Howe')
      .coveredHours[6];
    expect([howe?.[0], howe?.[1], howe?.[2]]).toEqual([1, 1.5, 1]);
  });
});
