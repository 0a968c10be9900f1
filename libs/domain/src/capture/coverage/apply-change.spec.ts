import { describe, expect, it } from 'vitest';
import { type Coverage, type CoverageChange, type Gap, NO_COVERAGE } from '../../contracts/index.js';
import { applyChange, applyChanges } from './apply-change.js';
import { captureSpans } from './uncovered.js';

type Told = CoverageChange extends infer C
  ? C extends unknown
    ? Omit<C, 'seq' | 'source' | 'arrivedAt'>
    : never
  : never;

const S = 1_000;
/** Changes of one source; each is a change and when it arrived, in seconds. */
function after(changes: readonly (readonly [Told, number])[], before: Coverage = NO_COVERAGE): Coverage {
  return applyChanges(
    before,
    changes.map(([change, arrived], index) => ({
      ...change,
      seq: before.seq + index + 1,
      source: 'x',
      arrivedAt: arrived * S,
    })),
  );
}
const began = (at: number, arrived = at) => [{ type: 'began', at: at * S }, arrived] as const;
const reached = (at: number, stored = 0, arrived = at) => [{ type: 'reached', at: at * S, stored }, arrived] as const;
const ended = (at: number, cause: Gap['cause'] = 'DISCONNECTED', arrived = at) =>
  [{ type: 'ended', at: at * S, cause }, arrived] as const;
const missed = (from: number, to: number, cause: Gap['cause'] = 'CURSOR_EXPIRED') =>
  [{ type: 'missed', from: from * S, to: to * S, cause }, to] as const;
const refilled = (from: number, to: number, posts: number) =>
  [{ type: 'refilled', from: from * S, to: to * S, posts }, to] as const;
const off = (arrived: number) => [{ type: 'switched-off' }, arrived] as const;
const rows = ({ gaps }: Coverage) =>
  gaps.map(({ from, to, cause, status, refilled: posts }) =>
    [from / S, to === null ? null : to / S, cause, status, posts].join(' '),
  );
const spans = (coverage: Coverage) =>
  captureSpans(coverage, 'x').map(({ from, to }) => [from / S, to === null ? null : to / S]);

describe('a source that cannot be asked for what it missed', () => {
  it('captures in one span while nothing ends it', () => {
    const coverage = after([began(100), reached(150), reached(200)]);
    expect(rows(coverage)).toEqual([]);
    expect(spans(coverage)).toEqual([[100, null]]);
    expect(coverage.sources).toMatchObject([{ reached: 200 * S }]);
  });

  it('has a gap from where it ended to where it begins again', () => {
    const open = after([began(100), reached(150), ended(160, 'STALLED', 181)]);
    expect(rows(open)).toEqual(['160  STALLED OPEN 0']);
    const closed = after([began(200)], open);
    expect(rows(closed)).toEqual(['160 200 STALLED CLOSED 0']);
    expect(spans(closed)).toEqual([
      [100, 160],
      [200, null],
    ]);
  });

  it('names each reason when it captures nothing first for one and then for another', () => {
    const coverage = after([began(100), ended(150), ended(155), ended(160, 'RATE_LIMITED'), began(220)]);
    expect(rows(coverage)).toEqual(['150 160 DISCONNECTED CLOSED 0', '160 220 RATE_LIMITED CLOSED 0']);
  });

  it('keeps the first reason where the other is told of the same moment', () => {
    expect(rows(after([began(100), reached(150), ended(150, 'SLEPT', 600), ended(150, 'STALLED', 620)]))).toEqual([
      '150  SLEPT OPEN 0',
    ]);
  });

  it('has a gap that begins anew further on without having ended', () => {
    expect(rows(after([began(100), reached(150), began(180)]))).toEqual(['150 180 DISCONNECTED CLOSED 0']);
  });

  it('counts as begun when it reached something without saying that it began', () => {
    const coverage = after([reached(100), reached(110), ended(110, 'CRASHED', 500), reached(500)]);
    expect(rows(coverage)).toEqual(['110 500 CRASHED CLOSED 0']);
    expect(spans(coverage)).toEqual([
      [100, 110],
      [500, null],
    ]);
  });

  it('has a gap from the start where it never came to capture', () => {
    const coverage = after([ended(100, 'REFUSED')]);
    expect(rows(coverage)).toEqual(['100  REFUSED OPEN 0']);
    expect(spans(coverage)).toEqual([]);
    expect(rows(after([began(300)], coverage))).toEqual(['100 300 REFUSED CLOSED 0']);
  });

  it('takes back what it said to have reached', () => {
    const coverage = after([began(100), reached(200), ended(190, 'STALLED', 221), began(230)]);
    expect(rows(coverage)).toEqual(['190 230 STALLED CLOSED 0']);
  });

  it('misses what its platform left out while it captured', () => {
    const coverage = after([began(100), reached(200), missed(150, 160, 'STALLED'), reached(300)]);
    expect(rows(coverage)).toEqual(['150 160 STALLED CLOSED 0']);
    expect(spans(coverage)).toEqual([
      [100, 150],
      [160, null],
    ]);
  });
});

describe('what was asked for afterwards', () => {
  const gap = after([began(100), ended(200), began(300), ended(400, 'STALLED'), began(500)]);

  it('refills a gap whole, a part of it, and several', () => {
    expect(rows(after([refilled(200, 300, 7)], gap))).toEqual([
      '200 300 DISCONNECTED REFILLED 7',
      '400 500 STALLED CLOSED 0',
    ]);
    expect(rows(after([refilled(220, 240, 7)], gap))).toEqual([
      '200 220 DISCONNECTED CLOSED 0',
      '220 240 DISCONNECTED REFILLED 7',
      '240 300 DISCONNECTED CLOSED 0',
      '400 500 STALLED CLOSED 0',
    ]);
    expect(rows(after([refilled(250, 450, 9)], gap))).toEqual([
      '200 250 DISCONNECTED CLOSED 0',
      '250 300 DISCONNECTED REFILLED 5',
      '400 450 STALLED REFILLED 4',
      '450 500 STALLED CLOSED 0',
    ]);
  });

  it('adds up, page by page, to one row', () => {
    const pages = after([refilled(200, 220, 3), refilled(220, 290, 4), refilled(290, 300, 5)], gap);
    expect(rows(pages)[0]).toBe('200 300 DISCONNECTED REFILLED 12');
    expect(spans(pages)[0]).toEqual([100, 400]);
  });

  it('may be the first part of a gap that goes on', () => {
    const open = after([began(100), ended(200), refilled(200, 250, 3)]);
    expect(rows(open)).toEqual(['200 250 DISCONNECTED REFILLED 3', '250  DISCONNECTED OPEN 0']);
  });

  it('may be the middle of a gap that goes on: only the rest after it goes on', () => {
    const open = after([began(100), ended(200), refilled(220, 250, 3)]);
    expect(rows(open)).toEqual([
      '200 220 DISCONNECTED CLOSED 0',
      '220 250 DISCONNECTED REFILLED 3',
      '250  DISCONNECTED OPEN 0',
    ]);
    expect(rows(after([began(300)], open)).at(-1)).toBe('250 300 DISCONNECTED CLOSED 0');
  });

  it('changes nothing where there is no gap, or no such source', () => {
    expect(rows(after([refilled(0, 200, 3), refilled(300, 400, 4)], gap))).toEqual(rows(gap));
    expect(after([refilled(0, 200, 3)]).sources).toEqual([]);
  });
});

describe('a platform that gives again what was missed', () => {
  const dead = after([began(100), reached(200, 40), ended(200, 'CRASHED', 500)]);

  it('refills the gap as far as it has come', () => {
    const back = after([began(190, 500)], dead);
    expect(rows(back)).toEqual(['200 500 CRASHED CLOSED 0']);
    const under = after([reached(300, 70, 501)], back);
    expect(rows(under)).toEqual(['200 300 CRASHED REFILLED 30', '300 500 CRASHED CLOSED 0']);
    const whole = after([reached(450, 100, 502), reached(510, 130, 510)], under);
    expect(rows(whole)).toEqual(['200 500 CRASHED REFILLED 85']);
    expect(spans(whole)).toEqual([[100, null]]);
    expect(rows(after([reached(600, 200)], whole))).toEqual(rows(whole));
  });

  it('leaves no gap in a time of its own, in which nothing was missed', () => {
    expect(rows(after([began(190, 200), reached(250, 0, 250)], dead))).toEqual([]);
  });

  it('may fail again before it has given all: each gap keeps its reason', () => {
    const again = after([began(190, 500), reached(300, 70, 501), ended(300, 'CRASHED', 700)], dead);
    expect(rows(again)).toEqual(['200 300 CRASHED REFILLED 30', '300  CRASHED OPEN 0']);
    const other = after([began(190, 500), reached(300, 70, 501), ended(300, 'DISCONNECTED', 502)], dead);
    expect(rows(other)).toEqual([
      '200 300 CRASHED REFILLED 30',
      '300 500 CRASHED CLOSED 0',
      '500  DISCONNECTED OPEN 0',
    ]);
    const whole = after([began(290, 520), reached(530, 99, 530)], other);
    expect(rows(whole)).toEqual(['200 500 CRASHED REFILLED 55', '500 520 DISCONNECTED REFILLED 3']);
  });

  it('may have lost the older part, whichever is told first', () => {
    const early = after([missed(200, 300), began(300, 500), reached(520, 99, 520)], dead);
    const late = after([began(300, 500), missed(200, 300), reached(520, 99, 520)], dead);
    const between = after([began(190, 500), missed(200, 300), reached(520, 99, 520)], dead);
    for (const coverage of [early, late, between]) {
      expect(rows(coverage)).toEqual(['200 300 CURSOR_EXPIRED CLOSED 0', '300 500 CRASHED REFILLED 54']);
    }
  });

  it('need not be asked where it is nearly at now', () => {
    expect(rows(after([began(495, 500), reached(510, 50)], dead))).toEqual(['200 495 CRASHED CLOSED 0']);
  });
});

describe('a source that is switched off', () => {
  const off200 = after([began(100), reached(200), ended(200, 'STOPPED', 210), off(500)]);

  it('has no gap while it is', () => {
    expect(rows(off200)).toEqual([]);
    expect(spans(off200)).toEqual([[100, 200]]);
  });

  it('begins a new span when it is switched on again', () => {
    const on = after([began(900), reached(950)], off200);
    expect(rows(on)).toEqual([]);
    expect(spans(on)).toEqual([
      [100, 200],
      [900, null],
    ]);
    expect(rows(after([ended(900, 'REFUSED')], off200))).toEqual(['900  REFUSED OPEN 0']);
  });

  it('was on all the time where the platform gives again what happened', () => {
    const on = after([began(195, 900), reached(910, 5, 910)], off200);
    expect(rows(on)).toEqual(['200 900 STOPPED REFILLED 5']);
    expect(spans(on)).toEqual([[100, null]]);
  });

  it('is forgotten where it never captured', () => {
    const coverage = after([ended(100, 'REFUSED'), off(500)]);
    expect([coverage.sources, coverage.gaps]).toEqual([[], []]);
  });
});

it('takes a change once, and keeps sources apart', () => {
  const change: CoverageChange = { type: 'began', seq: 5, source: 'x', at: 100, arrivedAt: 100 };
  const once = applyChange(NO_COVERAGE, change);
  expect(applyChange(once, change)).toBe(once);
  expect(applyChange(once, { ...change, seq: 4, source: 'bluesky' })).toBe(once);
  const both = applyChanges(once, [
    { ...change, seq: 6, source: 'bluesky' },
    { type: 'ended', seq: 7, source: 'x', at: 120, cause: 'STALLED', arrivedAt: 141 },
  ]);
  expect(both.sources.map(({ source }) => source)).toEqual(['x', 'bluesky']);
  expect(both.gaps).toMatchObject([{ source: 'x', from: 120, to: null }]);
  expect(both.seq).toBe(7);
});
