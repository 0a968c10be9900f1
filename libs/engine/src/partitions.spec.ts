import { HOUR_MS } from '@analytica/domain';
import type { DataFile } from '@analytica/lake';
import { exampleManifest } from '@analytica/lake/testing';
import { expect, it } from 'vitest';
import { filesInOrder, partitionsOf, placesOf } from './partitions.js';

function file(hour: number, firstSeq: number, rows = 10): DataFile {
  const minCreatedAt = hour * HOUR_MS;
  const path = `2026/01/01/00/${String(firstSeq)}.parquet`;
  return {
    path,
    rows,
    bytes: 1,
    firstSeq,
    lastSeq: firstSeq + rows,
    hour: minCreatedAt,
    minCreatedAt,
    maxCreatedAt: minCreatedAt + HOUR_MS - 1,
    importName: null,
  };
}

function manifestOf(files: readonly DataFile[]) {
  return exampleManifest({ files });
}

it('numbers files in the order of storing, and reads the hours that meet the interval, newest first', () => {
  const files = filesInOrder(manifestOf([file(2, 50), file(0, 1), file(1, 20), file(1, 30)]));
  expect(files.map(({ file: { firstSeq } }) => firstSeq)).toEqual([1, 20, 30, 50]);
  const partitions = partitionsOf(files, { from: 2 * HOUR_MS - 1, to: 2 * HOUR_MS + 1 });
  expect(partitions.map(({ hour, rows }) => [hour, rows])).toEqual([
    [2 * HOUR_MS, 10],
    [HOUR_MS, 20],
  ]);
  expect(placesOf(partitions)).toEqual([3, 1, 2]);
  expect(partitionsOf(files, { from: HOUR_MS, to: 2 * HOUR_MS }).map(({ hour }) => hour)).toEqual([HOUR_MS]);
});
