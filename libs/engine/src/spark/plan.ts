import type { Partition } from '../partitions.js';

/** A run of so many partitions gives a partial result in any case. */
const PARTITIONS_WITH_PARTIAL = 8;
/** Part of such a run that is read first. */
const FIRST_SHARE = 1 / 8;
/** Rows that one statement reads at most: each ends with a partial result. */
const MOST_ROWS = 50_000_000;

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
