import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { LakeDatabase, readManifest } from '@analytica/lake';
import { findRemains, type Remains, type RemainsPlace } from './find-remains.js';
import type { LakeCommandContext, LakeCommandResult } from './lake-command.js';
import { counted, table } from './table.js';

const MEMORY_MIB = 512;
/** Lines of the answer for people; `--json` has all. */
const SHOWN = 50;

const PLACES: Readonly<Record<RemainsPlace, string>> = {
  listed: 'a file of the lake',
  unlisted: 'a file that left the list',
  kept: 'a copy of a damaged file',
  log: 'the log',
  original: 'originals kept for reposts',
  'dead letter': 'dead letters',
};

/**
 * Looks for posts, retweets and authors in every file below the lake's root, by ids that a file names one a line. Tombstones name
 * them by their nature, and are counted apart.
 */
export async function verifyIds(context: LakeCommandContext, idsFile: string): Promise<LakeCommandResult> {
  const ids = await readIds(idsFile);
  const { root } = context.location;
  if ((await readManifest(root)) === null) {
    throw new AppError('LAKE_EMPTY', `There is no list of files in ${root}: nothing was captured there yet.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'lake-verify-'));
  const database = await LakeDatabase.open({ memoryMiB: MEMORY_MIB, threads: 2, temporaryFolder: folder });
  try {
    const wanted = join(folder, 'ids.ndjson');
    await writeFile(wanted, ids.map((id) => `${JSON.stringify({ id })}\n`).join(''));
    return answer(root, ids, await findRemains(database, wanted, ids, context));
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readIds(path: string): Promise<readonly string[]> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new AppError('CONFIG_INVALID', `The file of ids, ${path}, cannot be read.`, { cause: error });
  });
  const ids = [...new Set(content.split(/\r?\n/).map((line) => line.trim()))].filter((id) => id !== '');
  if (ids.length === 0) throw new AppError('CONFIG_INVALID', `The file of ids, ${path}, names none.`);
  return ids;
}

function answer(root: string, ids: readonly string[], { found, unreadable, tombstones }: Remains): LakeCommandResult {
  const left = new Set(found.map(({ id }) => id)).size;
  const isClean = found.length + unreadable.length === 0;
  const rows = found.slice(0, SHOWN).map(({ id, place, path, rows: count }) => [id, count, PLACES[place], path]);
  const more = found.length > SHOWN ? [`and ${counted(found.length - SHOWN, 'place')} more`] : [];
  return {
    lines: [
      `The lake in ${root}`,
      ...(rows.length === 0 ? [] : ['', ...table(['Id', 'Times', 'In', 'File'], rows), ...more]),
      ...(unreadable.length === 0 ? [] : ['', 'Files that cannot be read, and may hold them:', ...unreadable]),
      '',
      `${counted(ids.length, 'id')}: ${left === 0 ? 'nothing is left' : `${counted(left, 'is', 'are')} left`}. ` +
        `${counted(tombstones, 'delete')} of the lake name them.`,
    ],
    json: { root, ids: ids.length, left, found, unreadable, tombstones },
    exitCode: isClean ? 0 : 1,
  };
}
