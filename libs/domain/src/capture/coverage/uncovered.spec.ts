import { describe, expect, it } from 'vitest';
import { type Coverage, type Gap, NO_COVERAGE } from '../../contracts/index.js';
import { spansByBucket } from './spans.js';
import { notCaptured } from './uncovered.js';

const gap = (from: number, to: number | null, told: Partial<Gap> = {}): Gap => ({
  ...{ source: 'x', from, to, cause: 'STALLED', refilled: 0 },
  ...{ status: to === null ? ('OPEN' as const) : ('CLOSED' as const) },
  ...told,
});
const source = (from: number, to: number | null = null, name = 'x') => ({
  ...{ source: name, switchedOn: [{ from, to }], reached: 900, place: 900, stored: 0, replaying: [] },
});
const coverage = (told: Partial<Coverage>): Coverage => ({ ...NO_COVERAGE, sources: [source(100)], ...told });
const times = (told: Partial<Coverage>, imports: { from: number; to: number }[] = []) => ({
  coverage: coverage(told),
  oldestPost: 100,
  imports,
});
const pairs = (spans: readonly { from: number; to: number }[]) => spans.map(({ from, to }) => [from, to]);
const ALL = { from: 0, to: 1000 };

describe('what was not captured', () => {
  it('is what lies before, the gaps that were not refilled, and nothing that has not happened', () => {
    const gaps = [gap(200, 300), gap(400, 500, { status: 'REFILLED', refilled: 3 }), gap(700, null)];
    const found = notCaptured(times({ gaps }), ALL, 800);
    expect(pairs(found.spans)).toEqual([
      [0, 100],
      [200, 300],
      [700, 800],
    ]);
    expect(pairs(found.missed)).toEqual([
      [200, 300],
      [700, 800],
    ]);
    expect(found.gaps.map(({ from, to, status }) => [from, to, status])).toEqual([
      [200, 300, 'CLOSED'],
      [400, 500, 'REFILLED'],
      [700, 800, 'OPEN'],
    ]);
    expect(notCaptured(times({ gaps }), { from: 900, to: 1000 }, 800)).toEqual({ gaps: [], spans: [], missed: [] });
  });

  it('is cut to the interval', () => {
    const found = notCaptured(times({ gaps: [gap(200, 300)] }), { from: 250, to: 600 }, Infinity);
    expect(pairs(found.spans)).toEqual([[250, 300]]);
    expect(found.gaps).toMatchObject([{ from: 250, to: 300 }]);
  });

  it('counts where any source that was switched on missed something', () => {
    const sources = [source(100), source(300, 600, 'bluesky')];
    const gaps = [gap(200, 400), gap(350, 450, { source: 'bluesky' })];
    expect(pairs(notCaptured(times({ sources, gaps }), { from: 100, to: 900 }, Infinity).spans)).toEqual([[200, 450]]);
  });

  it('is not what an import brought where no source was switched on, but a gap stays one', () => {
    const found = notCaptured(times({ gaps: [gap(200, 300)] }, [{ from: 20, to: 250 }]), ALL, Infinity);
    expect(pairs(found.spans)).toEqual([
      [0, 20],
      [200, 300],
    ]);
  });

  it('lies between two times in which a source was switched on', () => {
    const off = {
      ...source(100),
      switchedOn: [
        { from: 100, to: 200 },
        { from: 500, to: null },
      ],
    };
    expect(pairs(notCaptured(times({ sources: [off] }), { from: 100, to: 900 }, Infinity).spans)).toEqual([[200, 500]]);
  });

  it('begins in an older lake before its oldest post, and is nothing after it', () => {
    const old = { coverage: null, oldestPost: 300, imports: [] };
    expect(pairs(notCaptured(old, ALL, Infinity).spans)).toEqual([[0, 300]]);
    const newer = times({ earlier: { from: 40, to: 100 } });
    expect(pairs(notCaptured(newer, ALL, Infinity).spans)).toEqual([[0, 40]]);
    expect(pairs(notCaptured({ ...old, oldestPost: null }, ALL, Infinity).spans)).toEqual([[0, 1000]]);
  });

  it('is also what happened since, while a source is given again what it missed', () => {
    const sources = [{ ...source(100), reached: 300, replaying: [{ from: 300, to: 500 }] }];
    const found = notCaptured(times({ sources, gaps: [gap(300, 500)] }), ALL, 800);
    expect(pairs(found.missed)).toEqual([[300, 800]]);
    expect(found.gaps).toEqual([
      gap(300, 500),
      { source: 'x', from: 500, to: 800, cause: 'STALLED', status: 'OPEN', refilled: 0 },
    ]);
  });

  it('is not what was asked for meanwhile', () => {
    const sources = [{ ...source(100), reached: 300, replaying: [{ from: 300, to: 500 }] }];
    const gaps = [gap(300, 500), gap(500, 700, { status: 'REFILLED' })];
    const found = notCaptured(times({ sources, gaps }), ALL, 800);
    expect(pairs(found.missed)).toEqual([
      [300, 500],
      [700, 800],
    ]);
  });
});

it('cuts spans to buckets', () => {
  const buckets = [0, 10, 20, 30].map((from) => ({ from, to: from + 10 }));
  const spans = [
    { from: 2, to: 4 },
    { from: 8, to: 25 },
    { from: 30, to: 31 },
  ];
  expect(spansByBucket(spans, buckets).map(pairs)).toEqual([
    [
      [2, 4],
      [8, 10],
    ],
    [[10, 20]],
    [[20, 25]],
    [[30, 31]],
  ]);
  expect(spansByBucket([], buckets)).toEqual([[], [], [], []]);
});
