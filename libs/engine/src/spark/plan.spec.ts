import { describe, expect, it } from 'vitest';
import type { Partition } from '../partitions.js';
import { piecesOf } from './plan.js';

describe('the plan of a run', () => {
  it('reads a small first piece of many partitions, all of few, and not too much at once', () => {
    const sizes = (count: number, rows = 10): number[] => {
      const partitions = Array.from({ length: count }, (_, hour): Partition => ({ hour, files: [], rows }));
      const pieces = piecesOf(partitions);
      expect(pieces.flat()).toEqual(partitions);
      return pieces.map(({ length }) => length);
    };
    expect(sizes(1)).toEqual([1]);
    expect(sizes(7)).toEqual([7]);
    expect(sizes(8)).toEqual([1, 7]);
    expect(sizes(168)).toEqual([21, 147]);
    expect(sizes(10, 30_000_000)).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
});
