import { describe, expect, it } from 'vitest';
import { type Beginning, EventTimeCoverage } from './coverage.js';

const LIVE: Beginning = { askedFrom: null, reached: null, firstEvent: null, openedAt: 1_000_000, isOutdated: false };

describe('coverage by the time of events', () => {
  it('begins with the first event, or where there is none yet, when the connection was made', () => {
    expect(new EventTimeCoverage().begin({ ...LIVE, firstEvent: 999_000 })).toEqual([{ type: 'began', at: 999_000 }]);
    expect(new EventTimeCoverage().begin(LIVE)).toEqual([{ type: 'began', at: 1_000_000 }]);
  });

  it('reaches only what is later, and ends where it was', () => {
    const coverage = new EventTimeCoverage();
    expect(coverage.reach(5)).toEqual([]);
    coverage.begin({ ...LIVE, firstEvent: 100 });
    expect(coverage.reach(100)).toEqual([]);
    expect(coverage.reach(200)).toEqual([{ type: 'reached', at: 200 }]);
    expect(coverage.reach(150)).toEqual([]);
    expect(coverage.end('STALLED', 250)).toEqual([{ type: 'ended', at: 200, cause: 'STALLED' }]);
    expect(coverage.end('STALLED', 260)).toEqual([]);
    expect(coverage.reach(300)).toEqual([]);
  });

  it('tells that a server refuses after a connection broke, and nothing new after that', () => {
    const coverage = new EventTimeCoverage();
    coverage.begin({ ...LIVE, firstEvent: 100 });
    expect(coverage.end('DISCONNECTED', 110)).toEqual([{ type: 'ended', at: 100, cause: 'DISCONNECTED' }]);
    expect(coverage.end('DISCONNECTED', 120)).toEqual([]);
    expect(coverage.end('REFUSED', 130)).toEqual([{ type: 'ended', at: 130, cause: 'REFUSED' }]);
    expect(coverage.end('RATE_LIMITED', 140)).toEqual([]);
    expect(coverage.end('DISCONNECTED', 150)).toEqual([]);
    coverage.begin({ ...LIVE, askedFrom: 90, reached: 100, firstEvent: 95 });
    expect(coverage.end('REFUSED', 160)).toEqual([{ type: 'ended', at: 100, cause: 'REFUSED' }]);
  });

  it('tells of a refusal by the first server that is asked, and not that no network is there', () => {
    expect(new EventTimeCoverage().end('DISCONNECTED', 10)).toEqual([]);
    expect(new EventTimeCoverage().end('REFUSED', 10)).toEqual([{ type: 'ended', at: 10, cause: 'REFUSED' }]);
  });

  it.each([
    ['at once', { firstEvent: 500_100 }],
    ['a little later', { firstEvent: 530_000 }],
    ['long after the connection was made, on a quiet network', { firstEvent: 2_000_000, openedAt: 510_000 }],
  ])('goes on without a gap where events go on %s', (_, more) => {
    const coverage = new EventTimeCoverage();
    expect(coverage.begin({ ...LIVE, askedFrom: 498_000, reached: 500_000, ...more })).toEqual([
      { type: 'began', at: 498_000 },
    ]);
  });

  it.each([
    ['the server begins later', { firstEvent: 530_001 }, 530_001],
    ['it says so', { firstEvent: 501_000, isOutdated: true }, 501_000],
    ['it has nothing from before the connection', { firstEvent: 2_000_000, openedAt: 600_000 }, 600_000],
  ])('misses what lies between where %s', (_, more, to) => {
    const coverage = new EventTimeCoverage();
    expect(coverage.begin({ ...LIVE, askedFrom: 490_000, reached: 500_000, ...more })).toEqual([
      { type: 'began', at: 490_000 },
      { type: 'missed', from: 500_000, to, cause: 'CURSOR_EXPIRED' },
    ]);
  });

  it('misses nothing where a server that was changed for another begins before what had come', () => {
    const coverage = new EventTimeCoverage();
    expect(
      coverage.begin({ ...LIVE, askedFrom: 490_000, reached: 500_000, firstEvent: 491_000, isOutdated: true }),
    ).toEqual([{ type: 'began', at: 490_000 }]);
  });
});
