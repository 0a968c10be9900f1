import type { Interval } from '@analytica/domain';
import type { DataFile, Manifest } from '@analytica/lake';

/** The files of one arrival hour: their places among the snapshot's files in the order of storing. */
export interface Partition {
  readonly hour: number;
  readonly files: readonly number[];
  readonly rows: number;
}

/** A run of so many partitions gives a partial result in any case. */
const PARTITIONS_WITH_PARTIAL = 8;
/** Part of such a run that is read first. */
const FIRST_SHARE = 1 / 8;
/** Rows that one statement reads at most: each ends with a partial result. */
const MOST_ROWS = 50_000_000;

/** All files of a snapshot in the order of storing: which of two equal rows came first. */
export function filesInOrder(manifest: Manifest): readonly DataFile[] {
  return manifest.files.toSorted((a, b) => a.firstSeq - b.firstSeq || (a.path < b.path ? -1 : 1));
}

/** The files that can hold posts of the interval by arrival hour, newest first. */
export function partitionsOf(files: readonly DataFile[], interval: Interval): readonly Partition[] {
  const meeting = files.flatMap((file, place) =>
    file.maxCreatedAt >= interval.from && file.minCreatedAt < interval.to ? [{ file, place }] : [],
  );
  return [...Map.groupBy(meeting, ({ file }) => file.hour)]
    .map(([hour, own]) => ({
      hour,
      files: own.map(({ place }) => place),
      rows: own.reduce((sum, { file }) => sum + file.rows, 0),
    }))
    .sort((a, b) => b.hour - a.hour);
}

/** The partitions as statements read them: a small first piece for a first result, then all the rest that one may read. */
export function piecesOf(partitions: readonly Partition[]): readonly (readonly Partition[])[] {
  const first =
    partitions.length < PARTITIONS_WITH_PARTIAL ? partitions.length : Math.ceil(partitions.length * FIRST_SHARE);
  const pieces = [partitions.slice(0, first)];
  let piece: Partition[] = [];
  let rows = 0;
  for (const partition of partitions.slice(first)) {
    if (piece.length > 0 && rows + partition.rows > MOST_ROWS) {
      pieces.push(piece);
      piece = [];
      rows = 0;
    }
    piece.push(partition);
    rows += partition.rows;
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}
