import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval, IntervalCell } from '../../interval/interval.js';
import { HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS } from '../../time-units.js';
import { missingEstimate, MissingEstimates } from './estimate.js';

const T0 = Date.UTC(2026, 10, 21);
const day: Interval = { from: T0, to: T0 + 24 * HOUR_MS };
const hours = (from: number, to: number): Interval => ({ from: T0 + from * HOUR_MS, to: T0 + to * HOUR_MS });

/** Cells of a quarter hour with so many posts an hour, but for the parts that lie in a gap. */
function cells(perHour: (hour: number) => number, gaps: readonly Interval[] = []): IntervalCell[] {
  return Array.from({ length: 96 }, (_, n) => {
    const start = T0 + n * QUARTER_HOUR_MS;
    const missed = gaps.reduce((sum, { from, to }) => {
      return sum + Math.max(0, Math.min(to, start + QUARTER_HOUR_MS) - Math.max(from, start));
    }, 0);
    const posts = (perHour(Math.floor(n / 4)) * (QUARTER_HOUR_MS - missed)) / HOUR_MS;
    return { start, posts, retweets: 0, replies: 0, quotes: 0 };
  }).filter(({ posts }) => posts > 0);
}
const estimate = (counted: readonly IntervalCell[], missed: readonly Interval[], spans = missed): number | null =>
  missingEstimate(counted, day, { missed, spans });

describe('the estimate of what a gap lacks', () => {
  it('is the rate beside it times its length, wherever it begins and ends', () => {
    for (const gap of [hours(5, 7), hours(5.1, 7.3), hours(2.01, 2.99)]) {
      const expected = Math.round((120 * (gap.to - gap.from)) / HOUR_MS);
      expect(
        estimate(
          cells(() => 120, [gap]),
          [gap],
        ),
      ).toBe(expected);
    }
  });

  it('takes the mean of the spans before and after, as long as the gap, one hour at least', () => {
    const gap = hours(10, 12);
    const rate = (hour: number): number => (hour < 8 || hour > 13 ? 9999 : hour < 10 ? 40 : 80);
    expect(estimate(cells(rate, [gap]), [gap])).toBe(120);
    const short = { from: T0 + 10 * HOUR_MS, to: T0 + 10 * HOUR_MS + 15 * MINUTE_MS };
    // 40 an hour before, 80 after: a quarter of 60 is below 20.
    expect(
      estimate(
        cells((hour) => (hour < 10 ? 40 : 80), [short]),
        [short],
      ),
    ).toBeNull();
    expect(
      estimate(
        cells((hour) => (hour < 10 ? 400 : 800), [short]),
        [short],
      ),
    ).toBe(150);
  });

  it('compares with what was captured alone, on one side where there is no other', () => {
    const gaps = [hours(0, 2), hours(3, 4)];
    expect(
      estimate(
        cells(() => 100, gaps),
        gaps,
      ),
    ).toBe(300);
    const before = hours(0, 12);
    // No source was switched on before: nothing is estimated for that, nor is it compared with.
    expect(
      estimate(
        cells(() => 100, [before, hours(12.5, 14)]),
        [hours(12.5, 14)],
        [before, hours(12.5, 14)],
      ),
    ).toBe(150);
    expect(estimate([], [day])).toBeNull();
  });

  it('leaves out what another source counted meanwhile', () => {
    const gap = hours(5, 7);
    expect(
      estimate(
        cells((hour) => (hour === 5 || hour === 6 ? 30 : 100)),
        [gap],
      ),
    ).toBe(140);
    expect(
      estimate(
        cells(() => 100),
        [gap],
      ),
    ).toBeNull();
  });

  it('is told from 20 posts on, over all gaps', () => {
    const gaps = [hours(5, 6), hours(9, 10)];
    expect(
      estimate(
        cells(() => 10, gaps),
        gaps,
      ),
    ).toBe(20);
    expect(
      estimate(
        cells(() => 9, gaps),
        gaps,
      ),
    ).toBeNull();
  });
});

/** Rule 30 word for word, minute by minute: gaps and the interval begin with whole minutes. */
function byMinutes(counted: readonly IntervalCell[], gaps: readonly Interval[], meant: readonly Interval[]): number {
  const minutesOf = ({ from, to }: Interval): number[] =>
    Array.from({ length: (to - from) / MINUTE_MS }, (_, n) => from + n * MINUTE_MS);
  const missing = new Set(gaps.flatMap(minutesOf));
  const isCaptured = (minute: number): boolean => minute >= day.from && minute < day.to && !missing.has(minute);
  const postsOf = new Map<number, number>();
  for (const { start, posts } of counted) {
    const captured = minutesOf({ from: start, to: start + QUARTER_HOUR_MS }).filter(isCaptured);
    for (const minute of captured) postsOf.set(minute, posts / captured.length);
  }
  return meant.reduce((sum, { from, to }) => {
    const beside = Math.max(to - from, HOUR_MS);
    const around = [...minutesOf({ from: from - beside, to: from }), ...minutesOf({ from: to, to: to + beside })];
    const captured = around.filter(isCaptured);
    const posts = captured.reduce((total, minute) => total + (postsOf.get(minute) ?? 0), 0);
    const inside = counted
      .filter(({ start }) => start >= from && start + QUARTER_HOUR_MS <= to)
      .reduce((total, cell) => total + cell.posts, 0);
    const due = captured.length === 0 ? 0 : (posts * (to - from)) / MINUTE_MS / captured.length;
    return sum + (captured.length === 0 ? 0 : Math.max(0, due - inside));
  }, 0);
}

it('is what the rule says, for all gaps at once and for each', () => {
  const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 })), {
    minLength: 1,
    maxLength: 12,
  });
  const counts = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 96, maxLength: 96 });
  fc.assert(
    fc.property(lengths, counts, (pairs, posts) => {
      let at = T0 - HOUR_MS;
      const gaps = pairs.flatMap(([space, length]): Interval[] => {
        const from = Math.max(at + space * MINUTE_MS, day.from);
        at += (space + length) * MINUTE_MS;
        const to = Math.min(at, day.to);
        return from < to ? [{ from, to }] : [];
      });
      const counted = posts.map((count, n) => {
        return { start: T0 + n * QUARTER_HOUR_MS, posts: count, retweets: 0, replies: 0, quotes: 0 };
      });
      const estimates = new MissingEstimates(counted, day, gaps.toReversed());
      for (const meant of [gaps, ...gaps.map((gap) => [gap])]) {
        const expected = byMinutes(counted, gaps, meant);
        const told = estimates.of(meant) ?? Math.min(19.5, expected);
        expect(Math.abs(told - expected)).toBeLessThan(0.5 + 1e-6);
      }
    }),
    { numRuns: 100 },
  );
});
