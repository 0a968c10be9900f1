import type { DataFile } from '@analytica/lake';
import { describe, expect, it } from 'vitest';
import { filesInOrder, partitionsOf, piecesOf } from './plan.js';

const HOUR = 3_600_000;

function file(hour: number, firstSeq: number, rows = 10): DataFile {
  const minCreatedAt = hour * HOUR;
  const path = `2026/01/01/00/${String(firstSeq)}.parquet`;
  return {
    path,
    rows,
    bytes: 1,
    firstSeq,
    lastSeq: firstSeq + rows,
    hour: minCreatedAt,
    minCreatedAt,
    maxCreatedAt: minCreatedAt + HOUR - 1,
  };
}

function manifestOf(files: readonly DataFile[]) {
  return { formatVersion: 1, lakeId: 'l', committedSeq: 1, watermark: 1, files, tombstones: [] } as const;
}

describe('the plan of a run', () => {
  it('numbers files in the order of storing, and reads the hours that meet the interval, newest first', () => {
    const files = filesInOrder(manifestOf([file(2, 50), file(0, 1), file(1, 20), file(1, 30)]));
    expect(files.map(({ firstSeq }) => firstSeq)).toEqual([1, 20, 30, 50]);
    const partitions = partitionsOf(files, { from: 2 * HOUR - 1, to: 2 * HOUR + 1 });
    expect(partitions).toEqual([
      { hour: 2 * HOUR, files: [3], rows: 10 },
      { hour: HOUR, files: [1, 2], rows: 20 },
    ]);
    expect(partitionsOf(files, { from: HOUR, to: 2 * HOUR }).map(({ hour }) => hour)).toEqual([HOUR]);
  });

  it('reads a small first piece of many partitions, all of few, and not too much at once', () => {
    const sizes = (count: number, rows = 10): number[] => {
      const files = Array.from({ length: count }, (_, hour) => file(hour, hour, rows));
      const partitions = partitionsOf(files, { from: 0, to: count * HOUR });
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
