import { AppError } from '@analytica/domain';
import type { CoverageChange } from '@analytica/domain/contracts';
import { fileChecksum } from '../integrity/file-condition.js';
import type { LakeStore } from '../store/lake-store.js';
import { type LakeDatabase, literalPath, sqlText } from './lake-database.js';
import { dataPath, earlierImportName, IMPORT_NAME, tombstonePath } from '../catalog/layout.js';
import { FACTS_COLUMN } from '../facts/facts-form.js';
import { factsExpression } from '../facts/facts-sql.js';
import type { DataFile, TombstoneFile, UnreadableFile } from '../catalog/manifest.js';
import { allTombstoneColumns, IS_WITHHELD } from './hidden-sql.js';
import { IS_EVENT, type LakeColumn, POST_COLUMNS, TOMBSTONE_COLUMNS } from './post-schema.js';

/** The longest line of a segment. DuckDB keeps twice as much per thread while it reads. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** Small groups let a question skip most of a file by `created_at`, and read one page of posts cheaply. */
const ROW_GROUP_ROWS = 4096;
/** The field of a segment's line that names the import of an imported post. */
const IMPORT_FIELD = 'import';

/** A closed piece of the ingest log: NDJSON whose lines have a `kind` (`post`, `tombstone` or the log's own). */
export interface Segment {
  readonly path: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Start of the arrival hour (epoch ms) of every line in it. */
  readonly hour: number;
  readonly posts: number;
  readonly tombstones: number;
  /** How many of the posts each import brought, by its name; the others were captured. */
  readonly imports: ReadonlyMap<string, number>;
  /** What holds of the times of capture once its records are in the lake, and may be unknown there; in order. */
  readonly coverage?: readonly CoverageChange[];
}

type EventCounts = Pick<TombstoneFile, 'events' | 'withheld'>;

export interface WrittenFiles {
  readonly files: readonly DataFile[];
  readonly tombstones: readonly TombstoneFile[];
}

/** What a file gets of its rows: the columns, and of a post the one derived from them. */
const outputs = (columns: readonly LakeColumn[]): string => {
  const names = columns.map((column) => `"${column.name}"`);
  return (columns === POST_COLUMNS ? [...names, `${factsExpression()} AS ${FACTS_COLUMN.name}`] : names).join(', ');
};

/** The posts of a segment that go into one file: those of an import, or (null) the captured ones. */
interface SegmentPart {
  readonly importName: string | null;
  readonly posts: number;
}

function partsOf(segment: Segment): SegmentPart[] {
  const imports = [...segment.imports].map(([importName, posts]): SegmentPart => ({ importName, posts }));
  const captured = segment.posts - imports.reduce((sum, { posts }) => sum + posts, 0);
  return [{ importName: null, posts: captured }, ...imports].filter(({ posts }) => posts !== 0);
}

/** Paths of the files that a segment becomes. */
export function segmentPaths(segment: Segment): string[] {
  const { hour, firstSeq, lastSeq } = segment;
  const posts = partsOf(segment).map(({ importName }) => dataPath(hour, firstSeq, lastSeq, importName));
  return [...posts, tombstonePath(hour, firstSeq, lastSeq)];
}

/** Which rows are a part's. A segment without imports needs no such condition. */
function partCondition({ importName }: SegmentPart, { imports, hour }: Segment): string {
  if (imports.size === 0) return '';
  const earlier = `CASE WHEN ingest_path = 'replay' THEN ${sqlText(earlierImportName(hour))} END`;
  const own = `coalesce("${IMPORT_FIELD}", ${earlier})`;
  return importName === null ? ` AND ${own} IS NULL` : ` AND ${own} = ${sqlText(importName)}`;
}

function segmentRows(path: string, kind: 'post' | 'tombstone', columns: readonly LakeColumn[], more = ''): string {
  const types = ['kind', ...(more === '' ? [] : [IMPORT_FIELD])]
    .map((name) => ({ name, type: 'VARCHAR' }))
    .concat(columns);
  const struct = types.map((column) => `"${column.name}": '${column.type}'`).join(', ');
  return (
    `SELECT ${outputs(columns)} FROM read_json(${sqlText(literalPath(path))}, columns = {${struct}}, ` +
    `format = 'newline_delimited', maximum_object_size = ${String(MAX_LINE_BYTES)}) WHERE kind = '${kind}'${more}`
  );
}

/**
 * The rows of files of tombstones as SQL, with all columns: files of versions before lack those of events.
 * @param sources - absolute paths.
 */
export function tombstoneRows(sources: readonly string[]): string {
  const list = sources.map((path) => sqlText(literalPath(path))).join(', ');
  return allTombstoneColumns(`read_parquet([${list}], union_by_name = true, hive_partitioning = false)`);
}

/** How many events are in a file of tombstones, as its entry in the manifest says it. */
async function countEvents(database: LakeDatabase, path: string): Promise<EventCounts> {
  const reader = await database.connection.runAndReadAll(
    `SELECT count(*), count(*) FILTER (${IS_WITHHELD}) FROM ${tombstoneRows([path])} WHERE ${IS_EVENT}`,
  );
  const [events, withheld] = (reader.getRows()[0] ?? []).map(Number);
  return { ...(events ? { events } : {}), ...(withheld ? { withheld } : {}) };
}

function parquetRows(paths: readonly string[], columns: readonly LakeColumn[], order: string): string {
  const list = paths.map((path) => sqlText(literalPath(path))).join(', ');
  return `SELECT ${outputs(columns)} FROM read_parquet([${list}], union_by_name = true) ORDER BY ${order}`;
}

/**
 * Writes one closed segment as Parquet: one file of captured posts, one of each import's and one of tombstones, at most. All
 * are safe on disk on return.
 * The same segment again overwrites the same files.
 * @throws AppError `LAKE_CORRUPT` when the files do not hold as many rows as the segment; whatever the disk throws.
 */
export async function writeSegment(database: LakeDatabase, store: LakeStore, segment: Segment): Promise<WrittenFiles> {
  const { firstSeq, lastSeq, hour } = segment;
  const range = { firstSeq, lastSeq, hour };
  const files: DataFile[] = [];
  const tombstones: TombstoneFile[] = [];
  for (const part of partsOf(segment)) {
    const { importName } = part;
    if (importName !== null && !IMPORT_NAME.test(importName)) {
      throw new AppError('LAKE_CORRUPT', `The log's segment ${segment.path} names an import that cannot be.`);
    }
    const path = dataPath(hour, firstSeq, lastSeq, importName);
    const select = segmentRows(segment.path, 'post', POST_COLUMNS, partCondition(part, segment));
    const written = await copy(database, store, path, select, part.posts);
    files.push({ path, ...range, ...written, ...(await timeSpan(database, store.uriOf(path))), importName });
  }
  if (segment.tombstones > 0) {
    const path = tombstonePath(hour, firstSeq, lastSeq);
    const select = segmentRows(segment.path, 'tombstone', TOMBSTONE_COLUMNS);
    const written = await copy(database, store, path, select, segment.tombstones);
    tombstones.push({ path, ...range, ...written, ...(await countEvents(database, store.uriOf(path))) });
  }
  return { files, tombstones };
}

/** Rewrites several files of one hour, all captured or all of one import, as one, oldest post first, named by the union of their ranges of the log. */
export async function mergeDataFiles(
  database: LakeDatabase,
  store: LakeStore,
  files: readonly DataFile[],
): Promise<DataFile> {
  const importName = files[0]?.importName ?? null;
  const { path, rows, range } = union(files, (hour, first, last) => dataPath(hour, first, last, importName));
  const sources = files.map((file) => store.uriOf(file.path));
  const written = await copy(database, store, path, parquetRows(sources, POST_COLUMNS, 'created_at, id'), rows);
  return { path, ...range, ...written, ...(await timeSpan(database, store.uriOf(path))), importName };
}

/**
 * Writes a file of posts again.
 * @param file - the file as it is to be listed: its path and how many rows it has are new.
 * @param rows - all its rows as SQL, in their order.
 */
export async function rewriteDataFile(
  database: LakeDatabase,
  store: LakeStore,
  file: DataFile,
  rows: string,
): Promise<DataFile> {
  const select = `SELECT ${outputs(POST_COLUMNS)} FROM ${rows}`;
  const written = await copy(database, store, file.path, select, file.rows);
  return { ...file, ...written, ...(await timeSpan(database, store.uriOf(file.path))) };
}

/** Rewrites several tombstone files of one hour as one. */
export async function mergeTombstoneFiles(
  database: LakeDatabase,
  store: LakeStore,
  files: readonly TombstoneFile[],
): Promise<TombstoneFile> {
  const { path, rows, range } = union(files, tombstonePath);
  const sources = files.map((file) => store.uriOf(file.path));
  const select = `SELECT ${outputs(TOMBSTONE_COLUMNS)} FROM ${tombstoneRows(sources)} ORDER BY source, id, author_id, ingested_at`;
  const written = await copy(database, store, path, select, rows);
  const matured = files.every((file) => file.matured === true) ? { matured: true as const } : {};
  return { path, ...range, ...written, ...(await countEvents(database, store.uriOf(path))), ...matured };
}

/**
 * Writes some rows of a damaged file as a file of the same name, in the place of the damaged one, of which a copy is kept before.
 * @returns the new file as it is to be listed.
 */
export async function writeRowRanges(
  database: LakeDatabase,
  store: LakeStore,
  file: UnreadableFile,
  ranges: readonly { readonly from: number; readonly to: number }[],
): Promise<WrittenFiles> {
  const { path, firstSeq, lastSeq, hour, importName } = file;
  const isPosts = file.minCreatedAt !== null;
  const wanted = ranges
    .map(({ from, to }) => `(file_row_number >= ${String(from)} AND file_row_number < ${String(to)})`)
    .join(' OR ');
  const source = sqlText(literalPath(store.uriOf(path)));
  const from = `read_parquet(${source}, file_row_number = true)`;
  const select = isPosts
    ? `SELECT ${outputs(POST_COLUMNS)} FROM ${from} WHERE ${wanted}`
    : `SELECT ${outputs(TOMBSTONE_COLUMNS)} FROM ${allTombstoneColumns(`(SELECT * FROM ${from} WHERE ${wanted})`)}`;
  const rows = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const written = await copy(database, store, path, select, rows);
  const range = { path, firstSeq, lastSeq, hour };
  if (!isPosts) {
    const events = await countEvents(database, store.uriOf(path));
    return { files: [], tombstones: [{ ...range, ...written, ...events }] };
  }
  return {
    files: [{ ...range, ...written, ...(await timeSpan(database, store.uriOf(path))), importName }],
    tombstones: [],
  };
}

/**
 * What a manifest says of a file that it does not list.
 * @param isPosts - else it holds tombstones.
 * @throws whatever DuckDB says of a file that it cannot read.
 */
export async function describeParquet(
  database: LakeDatabase,
  store: LakeStore,
  path: string,
  isPosts: boolean,
): Promise<{ rows: number; bytes: number; crc32: number; minCreatedAt?: number; maxCreatedAt?: number } & EventCounts> {
  const target = store.uriOf(path);
  const reader = await database.connection.runAndReadAll(
    `SELECT count(*) FROM read_parquet(${sqlText(literalPath(target))})`,
  );
  const rows = Number(reader.getRows()[0]?.[0]);
  const times = isPosts ? await timeSpan(database, target) : await countEvents(database, target);
  return { rows, bytes: (await store.head(path))?.bytes ?? 0, crc32: await fileChecksum(target), ...times };
}

function union(
  files: readonly TombstoneFile[],
  pathOf: (hour: number, firstSeq: number, lastSeq: number) => string,
): { path: string; rows: number; range: { firstSeq: number; lastSeq: number; hour: number } } {
  const hour = files[0]?.hour ?? 0;
  const firstSeq = Math.min(...files.map((file) => file.firstSeq));
  const lastSeq = Math.max(...files.map((file) => file.lastSeq));
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return { path: pathOf(hour, firstSeq, lastSeq), rows, range: { firstSeq, lastSeq, hour } };
}

async function copy(
  database: LakeDatabase,
  store: LakeStore,
  path: string,
  select: string,
  expectedRows: number,
): Promise<{ rows: number; bytes: number; crc32: number }> {
  const temporary = await store.stagingPath(path);
  const result = await database.connection.run(
    `COPY (${select}) TO ${sqlText(temporary)} ` +
      `(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${String(ROW_GROUP_ROWS)}, USE_TMP_FILE false)`,
  );
  if (result.rowsChanged !== expectedRows) {
    throw new AppError(
      'LAKE_CORRUPT',
      `${path} would hold ${String(result.rowsChanged)} rows instead of ${String(expectedRows)}; its source was kept.`,
    );
  }
  const crc32 = await fileChecksum(temporary);
  const { bytes } = await store.publish(temporary, path);
  return { rows: expectedRows, bytes, crc32 };
}

/** Least and greatest `created_at` of a written file: read back, so that a file is proved readable before it is listed. */
async function timeSpan(database: LakeDatabase, path: string): Promise<{ minCreatedAt: number; maxCreatedAt: number }> {
  const reader = await database.connection.runAndReadAll(
    `SELECT epoch_ms(min(created_at)), epoch_ms(max(created_at)) FROM read_parquet(${sqlText(literalPath(path))})`,
  );
  const [least, greatest] = reader.getRows()[0] ?? [];
  return { minCreatedAt: Number(least), maxCreatedAt: Number(greatest) };
}
