import { DAY_MS, HOUR_MS, MAX_GAPS, MINUTE_MS } from '@analytica/domain';
import type { Coverage, Gap } from '@analytica/domain/contracts';
import { exampleDataFile } from '@analytica/lake/testing';
import { describe, expect, it } from 'vitest';
import { coverageViews } from './coverage-view.js';

const NOW = Date.UTC(2026, 2, 8, 12);
const WEEK = { from: NOW - 7 * DAY_MS, to: NOW };
const gap = (change: Partial<Gap>): Gap => ({
  ...{ source: 'bluesky', from: NOW - 3 * HOUR_MS, to: NOW - 2 * HOUR_MS, cause: 'STALLED', status: 'CLOSED' },
  refilled: 0,
  ...change,
});
const coverageOf = (gaps: readonly Gap[], ...sources: string[]): Coverage => ({
  ...{ seq: 1, earlier: null, gaps },
  sources: sources.map((source) => ({
    ...{ source, switchedOn: [{ from: NOW - DAY_MS, to: null }] },
    ...{ reached: NOW, place: NOW, stored: 0, replaying: [] },
  })),
});
/** 600 posts in every hour of the last day but for those of the gap. */
const files = Array.from({ length: 24 }, (_, n) => NOW - (n + 1) * HOUR_MS)
  .filter((hour) => hour !== NOW - 3 * HOUR_MS)
  .map((hour) => exampleDataFile({ hour, rows: 600, importName: null }));

describe('coverageViews', () => {
  it('cuts what was captured to the interval, and gives its share of the time switched on', () => {
    const [view] = coverageViews({ coverage: coverageOf([gap({})], 'bluesky'), files }, WEEK);
    expect(view?.captured).toEqual([
      { from: NOW - DAY_MS, to: NOW - 3 * HOUR_MS },
      { from: NOW - 2 * HOUR_MS, to: NOW },
    ]);
    expect(view?.share).toBeCloseTo(23 / 24);
  });

  it('estimates what a gap lacks by the hours beside it, for a source that is alone', () => {
    const missed = (...sources: string[]) =>
      coverageViews({ coverage: coverageOf([gap({})], ...sources), files }, WEEK).map(
        ({ gaps }) => gaps[0]?.missedPosts,
      );
    expect(missed('bluesky')).toEqual([600]);
    expect(missed('bluesky', 'x-filtered')).toEqual([null, undefined]);
  });

  it('estimates a gap with which the interval begins by what lies in the interval alone', () => {
    const early = gap({ from: NOW - 3 * HOUR_MS, to: NOW - 2 * HOUR_MS });
    const views = coverageViews(
      { coverage: coverageOf([early], 'bluesky'), files },
      { from: NOW - 3 * HOUR_MS, to: NOW },
    );
    expect(views[0]?.gaps[0]?.missedPosts).toBe(600);
  });

  it('estimates as many gaps as a lake lists in a moment', () => {
    const from = NOW - 7 * DAY_MS;
    const step = (7 * DAY_MS) / MAX_GAPS;
    const gaps = Array.from({ length: MAX_GAPS }, (_, n) =>
      gap({ from: from + n * step, to: from + n * step + MINUTE_MS }),
    );
    const hours = Array.from({ length: 7 * 24 }, (_, n) => exampleDataFile({ hour: from + n * HOUR_MS, rows: 6000 }));
    const captured = hours.map((file) => ({ ...file, importName: null }));
    const began = performance.now();
    const [view] = coverageViews({ coverage: coverageOf(gaps, 'bluesky'), files: captured }, WEEK);
    // A slow machine takes a tenth of a second; with a pass over all gaps for each cell of each gap it would take a minute.
    expect(performance.now() - began).toBeLessThan(5000);
    // 6,000 posts an hour came in the 54 minutes of it that were captured.
    const estimates = view?.gaps.map(({ missedPosts }) => missedPosts ?? 0) ?? [];
    expect(Math.min(...estimates)).toBeGreaterThan(105);
    expect(Math.max(...estimates)).toBeLessThan(117);
  });

  it('counts a gap that was refilled as captured, and lacks nothing', () => {
    const refilled = gap({ status: 'REFILLED', refilled: 590 });
    const [view] = coverageViews({ coverage: coverageOf([refilled], 'bluesky'), files }, WEEK);
    expect(view).toMatchObject({ share: 1, gaps: [{ isRefilled: true, refilled: 590, missedPosts: null }] });
  });

  it('lists the newest gap first, also one that goes on, and none from before the interval', () => {
    const gaps = [
      gap({ from: NOW - 30 * DAY_MS, to: NOW - 29 * DAY_MS }),
      gap({}),
      gap({ from: NOW - MINUTE_MS, to: null, status: 'OPEN' }),
    ];
    const [view] = coverageViews({ coverage: coverageOf(gaps, 'bluesky'), files }, WEEK);
    expect(view?.gaps.map(({ to }) => to)).toEqual([null, NOW - 2 * HOUR_MS]);
  });

  it('has nothing of a lake without coverage, nor of a source that was off', () => {
    expect(coverageViews({ coverage: null, files }, WEEK)).toEqual([]);
    const off = coverageOf([], 'bluesky');
    const sources = off.sources.map((each) => ({ ...each, switchedOn: [{ from: 1, to: 2 }] }));
    expect(coverageViews({ coverage: { ...off, sources }, files }, WEEK)).toEqual([]);
  });
});
