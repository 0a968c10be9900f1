import { DAY_MS, HOUR_MS, MINUTE_MS } from '@analytica/domain';
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
