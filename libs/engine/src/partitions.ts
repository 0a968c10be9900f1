import type { Interval } from '@analytica/domain';
import { type DataFile, type Manifest, overlaps } from '@analytica/lake';

/** A file to read and its place among the snapshot's files in the order of storing. */
export interface ScanFile {
  readonly file: DataFile;
  readonly order: number;
}

/** The files of one arrival hour. */
export interface Partition {
  readonly hour: number;
  readonly files: readonly ScanFile[];
  readonly rows: number;
}

/** All files of a snapshot in the order of storing: which of two equal rows came first. */
export function filesInOrder(manifest: Manifest): readonly ScanFile[] {
  return manifest.files
    .toSorted((a, b) => a.firstSeq - b.firstSeq || (a.path < b.path ? -1 : 1))
    .map((file, order) => ({ file, order }));
}

/** The files that can hold posts of the interval by arrival hour, newest first. */
export function partitionsOf(files: readonly ScanFile[], interval: Interval): readonly Partition[] {
  const byHour = Map.groupBy(
    files.filter(({ file }) => overlaps(file, interval)),
    ({ file }) => file.hour,
  );
  return [...byHour]
    .map(([hour, own]) => ({ hour, files: own, rows: own.reduce((sum, { file }) => sum + file.rows, 0) }))
    .sort((a, b) => b.hour - a.hour);
}

/** The places of the files of some partitions among the snapshot's files in the order of storing. */
export function placesOf(partitions: readonly Partition[]): number[] {
  return partitions.flatMap(({ files }) => files.map(({ order }) => order));
}
