import { HOUR_MS, type Interval, MINUTE_MS } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import type { UnreadableFile } from '../catalog/manifest.js';
import { exampleDataFile } from '../testing.js';
import { missingHours } from './missing-hours.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const hour = (index: number): number => T10 + index * HOUR_MS;
const interval: Interval = { from: hour(0), to: hour(24) };

function posts(least: number, greatest: number, reason: UnreadableFile['reason'] = 'damaged'): UnreadableFile {
  return { ...exampleDataFile({ minCreatedAt: least, maxCreatedAt: greatest }), reason, since: 0 };
}
function tombstones(arrival: number): UnreadableFile {
  return { ...posts(0, 0), hour: arrival, minCreatedAt: null, maxCreatedAt: null };
}
const missing = (files: readonly UnreadableFile[], asked = interval) => missingHours({ unreadable: files }, asked);

describe('hours that a question misses (rule 26)', () => {
  it('are else the whole hours of the posts, less a minute at both ends', () => {
    expect(missing([posts(hour(2) - 2000, hour(3) + 59_000)])).toEqual([
      { from: hour(2), to: hour(3), reason: 'FILE_DAMAGED' },
    ]);
    expect(missing([posts(hour(2) - 2 * MINUTE_MS, hour(3) + 2 * MINUTE_MS)])).toEqual([
      { from: hour(1), to: hour(4), reason: 'FILE_DAMAGED' },
    ]);
    expect(missing([posts(hour(2) + 5000, hour(2) + 5000, 'missing')])).toEqual([
      { from: hour(2), to: hour(3), reason: 'FILE_MISSING' },
    ]);
  });

  it('are the arrival hour of captured posts, though some of them were late', () => {
    const file = { ...posts(hour(1), hour(5) - 1), hour: hour(4) };
    expect(missing([file])).toEqual([{ from: hour(4), to: hour(5), reason: 'FILE_DAMAGED' }]);
    expect(missing([{ ...file, importName: 'june' }])).toEqual([
      { from: hour(1), to: hour(5), reason: 'FILE_DAMAGED' },
    ]);
    // The late ones alone are of this interval.
    const early = { from: hour(2), to: hour(3) };
    expect(missing([file], early)).toEqual([{ ...early, reason: 'FILE_DAMAGED' }]);
  });

  it('are cut to the interval, and none where it is not met', () => {
    const file = posts(hour(2), hour(5) - 1);
    const asked = { from: hour(3) + 1000, to: hour(4) };
    expect(missing([file], asked)).toEqual([{ ...asked, reason: 'FILE_DAMAGED' }]);
    expect(missing([file], { from: hour(5), to: hour(6) })).toEqual([]);
    expect(missing([file], { from: hour(0), to: hour(2) })).toEqual([]);
    // Posts within the minute alone still are of the interval.
    const asked2 = { from: hour(4), to: hour(5) };
    expect(missing([posts(hour(5) - 1000, hour(6) - 1)], asked2)).toEqual([{ ...asked2, reason: 'FILE_DAMAGED' }]);
  });

  it('are one where they overlap, or adjoin for the same reason', () => {
    const end = HOUR_MS - 1;
    expect(
      missing([
        posts(hour(3), hour(3) + end),
        posts(hour(2), hour(2) + end),
        posts(hour(2), hour(2) + end),
        posts(hour(4), hour(4) + end, 'missing'),
        posts(hour(7), hour(7) + end, 'missing'),
        posts(hour(7), hour(8) + end),
      ]),
    ).toEqual([
      { from: hour(2), to: hour(4), reason: 'FILE_DAMAGED' },
      { from: hour(4), to: hour(5), reason: 'FILE_MISSING' },
      { from: hour(7), to: hour(9), reason: 'FILE_DAMAGED' },
    ]);
  });

  it('say which deletes are not known that can hide posts of the interval', () => {
    expect(missing([tombstones(hour(-2)), tombstones(hour(30)), posts(hour(1), hour(1))])).toEqual([
      { from: hour(1), to: hour(2), reason: 'FILE_DAMAGED' },
      { from: hour(30), to: hour(31), reason: 'DELETES_UNREADABLE' },
    ]);
  });
});
