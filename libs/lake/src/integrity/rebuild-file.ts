import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DataFile, ListedFile, Manifest, TombstoneFile, UnreadableFile } from '../catalog/manifest.js';
import { type LakeDatabase, literalPath, sqlText } from '../parquet/lake-database.js';
import { describeParquet, type WrittenFiles, writeRowRanges } from '../parquet/parquet-writer.js';
import { FACTS_COLUMN } from '../facts/facts-form.js';
import { factsExpression } from '../facts/facts-sql.js';
import { openStore } from '../store/open-store.js';
import { checkFile, readEveryColumn } from './file-condition.js';
import { holdsTombstones } from './set-aside.js';

/** How a file that was set aside can come back. */
export type RebuildSource =
  /** The file is as it was: somebody has restored it. */
  | 'the file itself, which is whole again'
  /** Files from before its hour was rewritten as one. */
  | 'the files that it was made of'
  /** The file's own row groups, but for those that are damaged. */
  | 'what can be read of it'
  /** Nothing has its rows any more. */
  | 'nothing';

export interface RebuildPlan {
  readonly file: UnreadableFile;
  readonly source: RebuildSource;
  /** Rows that come back. */
  readonly rows: number;
  /** Makes what is to be listed in the file's place. Changes nothing that is listed. */
  readonly make: () => Promise<WrittenFiles>;
}

const NAME = /^(\d{15})-(\d{15})(?:\.r\d+)?\.parquet$/;
const NOTHING: WrittenFiles = { files: [], tombstones: [] };

/** Looks for what a file that was set aside can be rebuilt from, and takes what brings back most rows. Changes nothing. */
export async function planRebuild(
  database: LakeDatabase,
  root: string,
  manifest: Manifest,
  file: UnreadableFile,
): Promise<RebuildPlan> {
  const run = (sql: string): Promise<unknown> => database.connection.run(sql);
  const condition = await checkFile(root, file, run);
  if (condition === 'whole') {
    const make = () => Promise.resolve(listedAgain(file));
    return { file, source: 'the file itself, which is whole again', rows: file.rows, make };
  }
  const parts = await earlierFiles(database, root, manifest, file);
  const partRows = parts.reduce((sum, { rows }) => sum + rows, 0);
  const ranges = condition === 'damaged' && partRows < file.rows ? await readableRanges(database, root, file) : [];
  const rangeRows = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  if (partRows > 0 && partRows >= rangeRows) {
    const source = 'the files that it was made of';
    return { file, source, rows: partRows, make: () => Promise.resolve(listedParts(file, parts)) };
  }
  if (rangeRows > 0) {
    const make = () => writeRowRanges(database, openStore(root), file, ranges);
    return { file, source: 'what can be read of it', rows: rangeRows, make };
  }
  return { file, source: 'nothing', rows: 0, make: () => Promise.resolve(NOTHING) };
}

function listedAgain({ reason: _reason, since: _since, ...file }: UnreadableFile): WrittenFiles {
  const { minCreatedAt, maxCreatedAt, importName, ...rest } = file;
  if (minCreatedAt === null || maxCreatedAt === null) return { files: [], tombstones: [rest] };
  return { files: [{ ...rest, minCreatedAt, maxCreatedAt, importName }], tombstones: [] };
}

type Part = TombstoneFile & Partial<Pick<DataFile, 'minCreatedAt' | 'maxCreatedAt'>>;

function listedParts(file: UnreadableFile, parts: readonly Part[]): WrittenFiles {
  if (holdsTombstones(file)) return { files: [], tombstones: parts };
  const { importName } = file;
  const files = parts.map(({ minCreatedAt = 0, maxCreatedAt = 0, ...part }): DataFile => ({
    ...part,
    minCreatedAt,
    maxCreatedAt,
    importName,
  }));
  return { files, tombstones: [] };
}

/** Unlisted files beside it whose ranges of the log lie in its own, the widest first, none of which overlap. */
async function earlierFiles(
  database: LakeDatabase,
  root: string,
  manifest: Manifest,
  file: UnreadableFile,
): Promise<Part[]> {
  const folder = dirname(file.path);
  const listed = new Set([...manifest.files, ...manifest.tombstones, ...manifest.unreadable].map(({ path }) => path));
  const names = await readdir(join(root, folder)).catch(() => [] as string[]);
  const candidates = names
    .flatMap((name) => {
      const [, first, last] = NAME.exec(name) ?? [];
      return first === undefined ? [] : [{ path: `${folder}/${name}`, firstSeq: Number(first), lastSeq: Number(last) }];
    })
    .filter(({ path, firstSeq, lastSeq }) => !listed.has(path) && firstSeq >= file.firstSeq && lastSeq <= file.lastSeq)
    .sort((a, b) => a.firstSeq - b.firstSeq || b.lastSeq - a.lastSeq);
  const parts: Part[] = [];
  for (const candidate of candidates) {
    if (candidate.firstSeq <= (parts.at(-1)?.lastSeq ?? -1)) continue;
    const found = await describeParquet(database, openStore(root), candidate.path, !holdsTombstones(file)).catch(
      () => null,
    );
    if (found === null) continue;
    const part = { ...candidate, ...found, hour: file.hour };
    if ((await readEveryColumn(root, part, (sql) => database.connection.run(sql))) === 'whole') parts.push(part);
  }
  return parts;
}

/** Rows `[from, to)` of a file. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** The row groups of a damaged file that can be read, and whose columns agree with one another. */
async function readableRanges(database: LakeDatabase, root: string, file: ListedFile): Promise<RowRange[]> {
  const path = sqlText(literalPath(join(root, file.path)));
  const groups = await database.connection
    .runAndReadAll(
      `SELECT row_group_id, any_value(row_group_num_rows) FROM parquet_metadata(${path}) GROUP BY 1 ORDER BY 1`,
    )
    .then((reader) => reader.getRows())
    .catch(() => []);
  const ranges: RowRange[] = [];
  let from = 0;
  for (const [, rows] of groups) {
    const to = from + Number(rows);
    if (await isReadable(database, path, { from, to })) ranges.push({ from, to });
    from = to;
  }
  return ranges;
}

async function isReadable(database: LakeDatabase, path: string, { from, to }: RowRange): Promise<boolean> {
  const rows = `FROM read_parquet(${path}, hive_partitioning = false, file_row_number = true) WHERE file_row_number >= ${String(from)} AND file_row_number < ${String(to)}`;
  try {
    await database.connection.run(`SELECT bit_xor(hash(COLUMNS(*))) ${rows}`);
  } catch {
    return false;
  }
  // Most of a post stands in a file twice: a flipped bit that Parquet does not notice shows where both differ.
  const differing = await database.connection
    .runAndReadAll(`SELECT count(*) FILTER ("${FACTS_COLUMN.name}" IS DISTINCT FROM ${factsExpression()}) ${rows}`)
    .then((reader) => Number(reader.getRows()[0]?.[0]))
    .catch(() => 0); // tombstones, and files of an earlier form, have no such column
  return differing === 0;
}

/** Where the damaged file is kept, relative to the lake's root: nothing there is listed or deleted. */
export function keptPath(file: Pick<UnreadableFile, 'path'>): string {
  return `damaged/${dirname(file.path)}/${basename(file.path)}`;
}
