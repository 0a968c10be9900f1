import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { type LakeWriter, makeFolderDurably, replaceFile, sequenceName, syncFolder } from '@analytica/lake';
import { commitLine, NOTHING } from './commit-line.js';
import { countImports } from './import-of-line.js';
import { inspectLog, type InspectedSegment, readSegments } from './inspect-log.js';
import { isLater, type LogState } from './log-state.js';
import { OTHER_VERSION } from './recover-segment.js';
import { type SalvagedPart, salvagedParts } from './salvage-segment.js';

/** Where damaged segments are kept, below the folder of the log. */
const KEPT_FOLDER = 'damaged';

/** What a repair of the log does, or would do. */
export interface LogRepair {
  /** Names of the damaged segments, which are kept in `log/damaged`. */
  readonly damaged: readonly string[];
  /** Records of damaged segments that come into the lake. */
  readonly savedRecords: number;
  /** Records that no segment has any more. */
  readonly lostRecords: number;
}

export const NOTHING_TO_REPAIR: LogRepair = { damaged: [], savedRecords: 0, lostRecords: 0 };

/**
 * Brings what is whole of a damaged log into the lake, gives up the rest, and leaves a log that can be opened. A crash in between is
 * made good by doing it again.
 * @param folder - of the log, which nobody has open.
 * @param lake - null: nothing is changed.
 * @param committedSeq - the last record that the lake has.
 */
export async function repairLog(folder: string, lake: LakeWriter | null, committedSeq: number): Promise<LogRepair> {
  const segments = await readSegments(folder);
  const { gaps } = inspectLog(segments, committedSeq);
  const damaged = segments.filter(({ damage }) => damage !== null);
  const foreign = damaged.find(({ damage }) => damage === OTHER_VERSION);
  if (foreign !== undefined) {
    throw new AppError(
      'LAKE_CORRUPT',
      `The log's segment ${foreign.name} was written by another version of this program: repair with that version.`,
    );
  }
  if (gaps.length === 0 && damaged.length === 0) return NOTHING_TO_REPAIR;
  const until = lastProblem(segments, damaged, gaps.at(-1)?.lastSeq ?? 0);
  let reached = committedSeq;
  let saved = 0;
  let lost = 0;
  const giveUp = async (lastSeq: number): Promise<void> => {
    if (lastSeq <= reached) return;
    lost += lastSeq - reached;
    reached = lastSeq;
    await lake?.giveUpRecords(lastSeq);
  };
  for (const segment of segments.slice(0, until + 1)) {
    const content = await readFile(segment.path);
    for (const part of salvagedParts(content, segment.batches, reached)) {
      await giveUp(part.firstSeq - 1);
      if (lake !== null) await commitPart(folder, lake, part);
      reached = part.lastSeq;
      if (segment.damage !== null) saved += part.posts + part.tombstones;
    }
    // What a segment without any whole batch held can only be counted.
    if (segment.state === null) await giveUp(Math.max(reached, segment.firstSeq - 1) + segment.recordLines);
    else await giveUp(segment.lastSeq);
  }
  if (gaps.length > 0) await giveUp(gaps.at(-1)?.lastSeq ?? reached);
  if (lake !== null && damaged.length > 0) await moveAway(folder, segments, damaged, reached);
  return { damaged: damaged.map(({ name }) => name), savedRecords: saved, lostRecords: lost };
}

/** Place of the last segment that is damaged or lies before a gap: those behind it are left to the next start. */
function lastProblem(
  segments: readonly InspectedSegment[],
  damaged: readonly InspectedSegment[],
  gapEnd: number,
): number {
  const beforeGap = segments.findLastIndex(({ lastSeq }) => lastSeq <= gapEnd);
  return Math.max(beforeGap, ...damaged.map((segment) => segments.indexOf(segment)));
}

async function commitPart(folder: string, lake: LakeWriter, part: SalvagedPart): Promise<void> {
  const { content, firstSeq, lastSeq, hour, posts, tombstones } = part;
  const path = join(folder, `salvaged-${sequenceName(firstSeq)}.tmp`);
  await writeFile(path, content);
  try {
    const imports = countImports(content, content.length, hour);
    await lake.commitSegment({ path, firstSeq, lastSeq, hour, posts, tombstones, imports }, part.arrivedAt);
  } finally {
    await rm(path, { force: true });
  }
}

/** The originals are kept; the log's state, which may stand in them alone, goes into a segment of its own before they go. */
async function moveAway(
  folder: string,
  segments: readonly InspectedSegment[],
  damaged: readonly InspectedSegment[],
  lastSeq: number,
): Promise<void> {
  const kept = join(folder, KEPT_FOLDER);
  await makeFolderDurably(kept);
  for (const { path, name } of damaged) await copyFile(path, join(kept, name));
  await syncFolder(kept);
  const state = segments.reduce<LogState | null>(
    (latest, segment) =>
      segment.state !== null && (latest === null || isLater(segment.state, latest)) ? segment.state : latest,
    null,
  );
  const isLast = segments.at(-1)?.damage !== null;
  let fresh: string | null = null;
  if (state !== null && isLast) {
    const next = { ...state, lastSeq: Math.max(state.lastSeq, lastSeq) };
    fresh = `${sequenceName(next.lastSeq + 1)}.ndjson`;
    await replaceFile(join(folder, fresh), commitLine(NOTHING, next).toString());
  }
  for (const { path, name } of damaged) if (name !== fresh) await rm(path);
  await syncFolder(folder);
}
