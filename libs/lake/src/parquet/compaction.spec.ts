import { HOUR_MS } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { planCompaction } from './compaction.js';
import type { TombstoneFile } from '../catalog/manifest.js';

const T10 = Date.UTC(2026, 2, 1, 10);
const MIB = 1024 * 1024;
const file = (n: number, hour = T10, bytes = MIB, rows = 1000): TombstoneFile => ({
  path: String(n),
  rows,
  bytes,
  firstSeq: n * 1000 + 1,
  lastSeq: (n + 1) * 1000,
  hour,
});
const many = (count: number, bytes = MIB, rows = 1000): TombstoneFile[] =>
  Array.from({ length: count }, (_, n) => file(n, T10, bytes, rows));
const closed = T10 + HOUR_MS + 60_000;

describe('planCompaction', () => {
  it('takes closed hours only, oldest first, and leaves single files alone', () => {
    const files = [file(5, T10 + HOUR_MS), file(4, T10 + HOUR_MS), file(2), file(1), file(9, T10 - HOUR_MS)];
    expect(planCompaction(files, closed - 1)).toEqual([]);
    expect(planCompaction(files, closed)).toEqual([[file(1), file(2)]]);
    expect(planCompaction(files, closed + HOUR_MS)).toEqual([
      [file(1), file(2)],
      [file(4, T10 + HOUR_MS), file(5, T10 + HOUR_MS)],
    ]);
  });

  it('merges an open hour from 24 files on', () => {
    expect(planCompaction(many(23), T10)).toEqual([]);
    expect(planCompaction(many(24), T10)).toHaveLength(1);
  });

  it('makes no file of more than 125,000 rows or 64 MiB', () => {
    for (const files of [many(20, MIB, 22_500), many(20, 15 * MIB)]) {
      const groups = planCompaction(files, closed);
      expect(groups.flat()).toHaveLength(20);
      for (const group of groups) {
        expect(group.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(125_000);
        expect(group.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(64 * MIB);
      }
    }
    expect(planCompaction(many(4, MIB, 75_000), closed)).toEqual([]);
  });
});
