import { HOUR_MS } from '@analytica/domain';
import type { ListedFile } from '../catalog/manifest.js';

/** A closed hour has one file up to this size; a bigger hour has several, so that sorting keeps the process below a gigabyte. */
const TARGET_BYTES = 64 * 1024 * 1024;
const TARGET_ROWS = 125_000;
/** In an hour that is still open, small files are merged once there are so many. */
const OPEN_HOUR_FILES = 24;
/** Arrivals of an hour may still be in the log for a moment after it ended. */
const CLOSING_MS = 60_000;

/** What is compacted: posts, or tombstones, which belong to no import. */
type CompactedFile = ListedFile & { readonly importName?: string | null };

/** What can become one file. */
const keyOf = ({ hour, importName }: CompactedFile): string => `${String(hour)} ${importName ?? ''}`;

const hourOfAll = (files: readonly ListedFile[]): number => files[0]?.hour ?? 0;

/**
 * Groups of files to rewrite as one each: files of one closed hour, or of an open hour with many, up to 125,000 rows
 * together, oldest hour first. Captured posts and those of each import stay in files of their own.
 * @param unreadable - files that were set aside: no group spans one, so that its range stays free for a repair.
 */
export function planCompaction<F extends CompactedFile>(
  files: readonly F[],
  now: number,
  unreadable: readonly CompactedFile[] = [],
): F[][] {
  const groups: F[][] = [];
  const hours = Map.groupBy(files, keyOf);
  for (const members of [...hours.values()].sort((a, b) => hourOfAll(a) - hourOfAll(b))) {
    const hour = hourOfAll(members);
    const closed = now >= hour + HOUR_MS + CLOSING_MS;
    const small = members
      .filter((file) => file.bytes < TARGET_BYTES / 2 && file.rows < TARGET_ROWS / 2)
      .sort((a, b) => a.firstSeq - b.firstSeq);
    if (!closed && small.length < OPEN_HOUR_FILES) continue;
    let group: F[] = [];
    let bytes = 0;
    let rows = 0;
    for (const file of small) {
      const last = group.at(-1);
      const spans = unreadable.some(
        (hole) =>
          keyOf(hole) === keyOf(file) && hole.firstSeq > (last?.lastSeq ?? Infinity) && hole.firstSeq < file.firstSeq,
      );
      if (last !== undefined && (spans || bytes + file.bytes > TARGET_BYTES || rows + file.rows > TARGET_ROWS)) {
        if (group.length > 1) groups.push(group);
        group = [];
        bytes = 0;
        rows = 0;
      }
      group.push(file);
      bytes += file.bytes;
      rows += file.rows;
    }
    if (group.length > 1) groups.push(group);
  }
  return groups;
}
