import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import {
  checkFile,
  DEAD_LETTERS_FOLDER,
  type FileCondition,
  holdsTombstones,
  LakeDatabase,
  type ListedFile,
  LOG_FOLDER,
  type Manifest,
  readEveryColumn,
  readManifest,
} from '@analytica/lake';
import { checkDeadLetters, type DeadLetterCheck } from '../dead-letters/check-dead-letters.js';
import { inspectLog, type LogInspection, readSegments } from '../log/inspect-log.js';
import type { LakeCommandContext } from './lake-command.js';

const MEMORY_MIB = 512;

/** A file that cannot be read. */
export interface BadFile {
  readonly file: ListedFile;
  readonly content: 'posts' | 'deletes';
  readonly condition: Exclude<FileCondition, 'whole'>;
  /** Whether the ingestor has set it aside already. */
  readonly isSetAside: boolean;
}

/** What a look at all of a lake says. */
export interface LakeInspection {
  readonly manifest: Manifest;
  readonly badFiles: readonly BadFile[];
  readonly log: LogInspection;
  readonly deadLetters: DeadLetterCheck;
}

/**
 * Reads all of a lake: every column of every listed file, and its checksum; every batch of the log; every dead letter. Changes
 * nothing, and may be done beside a running ingestor.
 * @throws AppError `LAKE_EMPTY` without a list of files, `LAKE_CORRUPT` with one that cannot be read.
 */
export async function inspectLake(
  context: Pick<LakeCommandContext, 'location' | 'report' | 'signal'>,
): Promise<LakeInspection> {
  const { root } = context.location;
  const badFiles = await findBadFiles(context);
  const segments = await readSegments(join(root, LOG_FOLDER));
  // Read after the segments: what went from the log meanwhile is in this list.
  const manifest = await requireManifest(root);
  const listed = new Map([...manifest.files, ...manifest.tombstones].map((file) => [file.path, file.bytes]));
  const setAside = manifest.unreadable.map((file): BadFile => ({
    file,
    content: holdsTombstones(file) ? 'deletes' : 'posts',
    condition: file.reason,
    isSetAside: true,
  }));
  return {
    manifest,
    // Others have left the list since, and may be gone.
    badFiles: [...setAside, ...badFiles.filter(({ file }) => listed.get(file.path) === file.bytes)],
    log: inspectLog(segments, manifest.committedSeq),
    deadLetters: await checkDeadLetters(join(root, DEAD_LETTERS_FOLDER)),
  };
}

async function findBadFiles({
  location: { root },
  report,
  signal,
}: Pick<LakeCommandContext, 'location' | 'report' | 'signal'>): Promise<BadFile[]> {
  const { files, tombstones } = await requireManifest(root);
  const all = [
    ...files.map((file) => ({ file, content: 'posts' as const })),
    ...tombstones.map((file) => ({ file, content: 'deletes' as const })),
  ];
  const bad: BadFile[] = [];
  // Not in the lake: only its writer writes there.
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'lake-verify-'));
  const database = await LakeDatabase.open({ memoryMiB: MEMORY_MIB, threads: 2, temporaryFolder });
  const run = (sql: string): Promise<unknown> => database.connection.run(sql);
  try {
    for (const [index, { file, content }] of all.entries()) {
      signal.throwIfAborted();
      report({ step: 'Reading files', done: index, total: all.length });
      const checked = await checkFile(root, file, run);
      const condition = checked === 'whole' ? await readEveryColumn(root, file, run) : checked;
      if (condition !== 'whole') bad.push({ file, content, condition, isSetAside: false });
    }
    return bad;
  } finally {
    database.close();
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

async function requireManifest(root: string): Promise<Manifest> {
  const manifest = await readManifest(root);
  if (manifest === null) {
    throw new AppError('LAKE_EMPTY', `There is no list of files in ${root}: nothing was captured there yet.`);
  }
  return manifest;
}

/** Whether a repair has anything to do. */
export function isDamaged({ badFiles, log }: LakeInspection): boolean {
  return badFiles.length > 0 || log.gaps.length > 0 || log.segments.some(({ damage }) => damage !== null);
}
