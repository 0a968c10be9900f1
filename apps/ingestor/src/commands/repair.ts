import { copyFile, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '@analytica/domain';
import {
  holdsTombstones,
  isDamage,
  keptPath,
  LakeDatabase,
  LakeWriter,
  LOG_FOLDER,
  makeFolderDurably,
  type Manifest,
  planRebuild,
  type RebuildPlan,
  readManifest,
  setAside,
  type UnreadableFile,
  publishFile,
} from '@analytica/lake';
import { type LogRepair, NOTHING_TO_REPAIR, repairLog } from '../log/repair-log.js';
import { lockRoot } from '../root-lock.js';
import { inspectLake, isDamaged, type LakeInspection } from './inspect-lake.js';
import type { LakeCommand, LakeCommandContext, LakeCommandResult } from './lake-command.js';
import { counted, utcMinute } from './table.js';

const MEMORY_MIB = 512;

export const repairCommand: LakeCommand = {
  name: 'repair',
  arguments: [],
  acceptsDryRun: true,
  summary: 'mend what is damaged as far as it can be, and give up the rest',
  run: repair,
};

/** What became of a file that could not be read, or would become of it. */
interface FileRepair {
  readonly plan: RebuildPlan;
  readonly lostRows: number;
}

interface Repair {
  readonly files: readonly FileRepair[];
  readonly log: LogRepair;
  /** Files that are not damaged, but cannot be read. */
  readonly notReadable: readonly string[];
}

async function repair(context: LakeCommandContext): Promise<LakeCommandResult> {
  if (context.dryRun) return resultOf(context, await plan(context));
  const { root } = context.location;
  const lock = await lockRoot(root).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'CONFIG_INVALID') throw error;
    throw new AppError('CONFIG_INVALID', `An ingestor writes in ${root}: stop it, then repair again.`, {
      cause: error,
    });
  });
  try {
    const inspection = await inspectLake(context);
    if (!isDamaged(inspection)) return resultOf(context, { files: [], log: NOTHING_TO_REPAIR, notReadable: [] });
    // A repair deletes nothing by age.
    const lake = await LakeWriter.open(context.location, { retentionDays: 0 });
    try {
      return resultOf(context, await mend(lake, inspection, context));
    } finally {
      await lake.close();
    }
  } finally {
    await lock.release();
  }
}

async function mend(lake: LakeWriter, inspection: LakeInspection, context: LakeCommandContext): Promise<Repair> {
  const { root } = lake;
  const log = await repairLog(join(root, LOG_FOLDER), lake, lake.manifest.committedSeq);
  await lake.setAside(damagedFiles(inspection));
  const files: FileRepair[] = [];
  await withReader(async (database) => {
    for (const [index, file] of lake.manifest.unreadable.entries()) {
      context.signal.throwIfAborted();
      context.report({ step: 'Mending files', done: index, total: lake.manifest.unreadable.length });
      const rebuild = await planRebuild(database, root, lake.manifest, file);
      const keeps = rebuild.source === 'the file itself, which is whole again';
      if (!keeps) await keep(root, file);
      const made = await rebuild.make();
      const isRewritten = [...made.files, ...made.tombstones].some(({ path }) => path === file.path);
      if (!keeps && !isRewritten) await rm(join(root, file.path), { force: true, recursive: true });
      files.push({ plan: rebuild, lostRows: await lake.replaceUnreadable(file.path, made) });
    }
  });
  return { files, log, notReadable: notReadable(inspection) };
}

async function plan(context: LakeCommandContext): Promise<Repair> {
  const { root } = context.location;
  const inspection = await inspectLake(context);
  const manifest: Manifest = setAside(
    (await readManifest(root)) ?? inspection.manifest,
    damagedFiles(inspection),
    Date.now(),
  );
  const log = await repairLog(join(root, LOG_FOLDER), null, manifest.committedSeq);
  const files = await withReader(async (database) => {
    const plans: FileRepair[] = [];
    for (const file of manifest.unreadable) {
      const rebuild = await planRebuild(database, root, manifest, file);
      plans.push({ plan: rebuild, lostRows: Math.max(0, file.rows - rebuild.rows) });
    }
    return plans;
  });
  return { files, log, notReadable: notReadable(inspection) };
}

function damagedFiles({ badFiles }: LakeInspection) {
  return badFiles.flatMap(({ file: { path }, condition }) =>
    isDamage(condition) ? [{ path, damage: condition }] : [],
  );
}

function notReadable({ badFiles }: LakeInspection): string[] {
  return badFiles.flatMap(({ file: { path }, condition }) => (isDamage(condition) ? [] : [path]));
}

/** The damaged file stays, out of the lake's way, for whoever can read more of it. */
async function keep(root: string, { path }: UnreadableFile): Promise<void> {
  const source = join(root, path);
  const info = await stat(source).catch(() => null);
  if (info === null) return;
  const target = join(root, keptPath({ path }));
  await makeFolderDurably(dirname(target));
  if (info.isDirectory()) await rename(source, target);
  else await copyOnce(source, target);
}

/** A repair that was broken off has kept the original before; what stands in its place now may be what that repair made. */
async function copyOnce(source: string, target: string): Promise<void> {
  if ((await stat(target).catch(() => null)) !== null) return;
  const temporary = `${target}.tmp`;
  await copyFile(source, temporary);
  await publishFile(temporary, target);
}

async function withReader<T>(work: (database: LakeDatabase) => Promise<T>): Promise<T> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'lake-repair-'));
  const database = await LakeDatabase.open({ memoryMiB: MEMORY_MIB, threads: 2, temporaryFolder });
  try {
    return await work(database);
  } finally {
    database.close();
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

function resultOf(
  { location: { root }, dryRun }: LakeCommandContext,
  { files, log, notReadable: left }: Repair,
): LakeCommandResult {
  const lostRows = files.reduce((sum, file) => sum + file.lostRows, 0);
  const lost = lostRows + log.lostRecords;
  const lines = [
    ...files.map((file) => fileLine(file, dryRun)),
    ...logLines(log, dryRun),
    ...left.map(
      (path) => `${path} cannot be read now, but nothing says that it is damaged: see to its permissions and its disk.`,
    ),
  ];
  const nothing = files.length === 0 && log === NOTHING_TO_REPAIR;
  if (nothing && left.length === 0) lines.push(`Nothing is damaged in ${root}.`);
  if (!nothing) lines.push('', `${counted(lost, 'record')} ${dryRun ? 'would be' : 'are'} lost.`);
  if (dryRun) lines.push('Nothing was changed.');
  else if (log.damaged.length > 0 || files.some(({ plan: { file } }) => file.reason === 'damaged')) {
    lines.push('What was damaged is kept in the folders damaged and log/damaged of the lake: delete them at will.');
  }
  return {
    lines,
    json: {
      root,
      dryRun,
      lostRecords: lost,
      files: files.map(({ plan: { file, source, rows }, lostRows: gone }) => ({
        path: file.path,
        source,
        rows,
        lostRows: gone,
      })),
      log,
      notReadable: left,
    },
    exitCode: left.length > 0 || (dryRun && !nothing) ? 1 : 0,
  };
}

function fileLine({ plan: { file, source, rows }, lostRows }: FileRepair, dryRun: boolean): string {
  const content = holdsTombstones(file) ? 'delete' : 'post';
  const place = `${utcMinute(file.hour)}: ${file.path} ${file.reason === 'missing' ? 'is missing' : 'is damaged'}.`;
  const lost =
    lostRows === 0
      ? 'None is lost.'
      : `${lostRows.toLocaleString('en')} of ${counted(file.rows, content)} ${dryRun ? 'would be' : 'are'} lost.`;
  if (source === 'nothing') return `${place} It ${dryRun ? 'would be' : 'was'} taken off the list. ${lost}`;
  return `${place} ${counted(rows, content)} ${dryRun ? 'would come' : 'came'} back from ${source}. ${lost}`;
}

function logLines(log: LogRepair, dryRun: boolean): string[] {
  if (log === NOTHING_TO_REPAIR) return [];
  const damaged =
    log.damaged.length === 0
      ? 'A segment of the log is gone.'
      : `${counted(log.damaged.length, 'segment')} of the log: ${log.damaged.join(', ')} damaged.`;
  const saved = `${counted(log.savedRecords, 'record')} ${dryRun ? 'would come' : 'came'} into the lake`;
  return [`${damaged} ${saved}, ${counted(log.lostRecords, 'record')} ${dryRun ? 'would be' : 'are'} lost.`];
}
