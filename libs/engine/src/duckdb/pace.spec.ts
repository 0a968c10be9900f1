import { describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

describe('Pace', () => {
  it('sizes chunks by how long they take, in steps', () => {
    const pace = new Pace(168, () => 0);
    const first = pace.chunkRows(10_000_000);
    pace.chunkTook(first, 1);
    expect(pace.chunkRows(10_000_000)).toBe(first * 10);
    pace.chunkTook(first * 10, 600);
    expect(pace.chunkRows(10_000_000)).toBe(first * 5);
    pace.chunkTook(0, 10_000);
    expect(pace.chunkRows(10_000_000)).toBe(first * 5);
  });

  it('reads the rest at once where counting it takes no time, else half of it until that is quick to count', () => {
    const pace = new Pace(168, () => 0);
    pace.chunkTook(100_000, 30);
    expect(pace.chunkRows(600_000)).toBe(Infinity);
    pace.countingTook(100_000, 50);
    expect([600_000, 300_000, 150_000].map((left) => pace.chunkRows(left))).toEqual([300_000, 150_000, 80_000]);
    expect(pace.chunkRows(70_000)).toBe(Infinity);
  });

  it('allows a partial result early in a long run, none in a short quick one, and none after the last partition', () => {
    expect(new Pace(8, () => 0).partialDue(1)).toBe(true);
    expect(new Pace(7, () => 0).partialDue(1)).toBe(false);
    expect(new Pace(8, () => 0).partialDue(8)).toBe(false);
  });

  it('leaves most partitions of a long run for after its first chunk, however few rows they have', () => {
    const pace = new Pace(8, () => 0);
    expect(pace.chunkPartitions).toBe(2);
    pace.chunkTook(1, 1);
    expect(pace.chunkPartitions).toBe(8);
    expect(new Pace(7, () => 0).chunkPartitions).toBe(7);
  });

  it('keeps partial results to two a second and a tenth of the time', () => {
    let now = 0;
    const pace = new Pace(100, () => now);
    now = 200;
    expect(pace.partialDue(1)).toBe(true);
    pace.partialTook(400);
    now = 650;
    expect(pace.partialDue(2)).toBe(false);
    now = 9_000;
    expect(pace.partialDue(3)).toBe(false);
    now = 10_001;
    expect(pace.partialDue(4)).toBe(true);
    // The rest takes less than half a second.
    expect(pace.partialDue(95)).toBe(true);
    expect(pace.partialDue(96)).toBe(false);
  });
});
