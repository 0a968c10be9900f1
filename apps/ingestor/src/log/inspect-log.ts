import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEGMENT_NAME } from './ingest-log.js';
import type { LogState } from './log-state.js';
import { recoverSegment } from './recover-segment.js';
import { countRecords, type WholeBatch, wholeBatches } from './salvage-segment.js';

/** A segment of the log as it lies on disk. */
export interface InspectedSegment {
  readonly path: string;
  readonly name: string;
  /** First record by its name. */
  readonly firstSeq: number;
  readonly batches: readonly WholeBatch[];
  /** Last record of its last whole batch; `firstSeq - 1` where it has none. */
  readonly lastSeq: number;
  /** The log's state after its last whole batch; null where it has none. */
  readonly state: LogState | null;
  /** Lines that begin as records do, in whole batches or not. */
  readonly recordLines: number;
  /** Why it is not as the program left it; null where it is. */
  readonly damage: string | null;
}

export interface LogInspection {
  readonly segments: readonly InspectedSegment[];
  /** Records that are in no segment though records behind them are. */
  readonly gaps: readonly { readonly firstSeq: number; readonly lastSeq: number }[];
}

/** Reads every segment of the log in `folder`, oldest first. A segment that goes meanwhile is in the lake; an empty one holds nothing. */
export async function readSegments(folder: string): Promise<InspectedSegment[]> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => SEGMENT_NAME.test(name)).sort();
  const found: { readonly name: string; readonly content: Buffer }[] = [];
  for (const name of names) {
    const content = await readFile(join(folder, name)).catch(() => null);
    if (content !== null && content.length > 0) found.push({ name, content });
  }
  return found.map(({ name, content }, index) =>
    inspectSegment(join(folder, name), name, content, index === found.length - 1),
  );
}

/** @param isLast - whether a crash may have torn its end. */
export function inspectSegment(path: string, name: string, content: Buffer, isLast: boolean): InspectedSegment {
  const firstSeq = Number(SEGMENT_NAME.exec(name)?.[1]);
  const found = recoverSegment(content, isLast);
  const batches = wholeBatches(content);
  const last = batches.at(-1);
  const { posts, tombstones } = countRecords(content);
  return {
    path,
    name,
    firstSeq,
    batches,
    lastSeq: last?.lastSeq ?? firstSeq - 1,
    state: last?.state ?? null,
    recordLines: posts + tombstones,
    damage: found.damage,
  };
}

/**
 * What is wrong with a log.
 * @param committedSeq - the last record that the lake has, read after the segments.
 */
export function inspectLog(segments: readonly InspectedSegment[], committedSeq: number): LogInspection {
  const gaps: { firstSeq: number; lastSeq: number }[] = [];
  let expected = committedSeq + 1;
  const reached = (firstSeq: number, lastSeq: number): void => {
    if (lastSeq < expected) return;
    if (firstSeq > expected) gaps.push({ firstSeq: expected, lastSeq: firstSeq - 1 });
    expected = lastSeq + 1;
  };
  for (const { batches } of segments) {
    for (const { firstSeq, lastSeq, posts, tombstones } of batches) {
      if (posts + tombstones > 0) reached(firstSeq, lastSeq);
      // A batch without records says how far the log was.
      else if (lastSeq >= expected) reached(lastSeq + 1, lastSeq + 1);
    }
  }
  return { segments, gaps };
}
