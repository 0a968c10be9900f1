import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { MANIFEST_FILE } from '../catalog/layout.js';
import type { ListedFile } from '../catalog/manifest.js';
import { literalPath, sqlText } from '../parquet/lake-database.js';

/**
 * What a look at a listed file says. `not-permitted` and `unknown` (too many open files, a disk that does not answer) say
 * nothing about the file: both may pass.
 */
export type FileCondition = 'whole' | 'missing' | 'damaged' | 'not-permitted' | 'unknown';

/** The conditions that do not pass by themselves. */
export type FileDamage = Extract<FileCondition, 'missing' | 'damaged'>;

export function isDamage(condition: FileCondition): condition is FileDamage {
  return condition === 'missing' || condition === 'damaged';
}

/** Runs one query of DuckDB to its last row. */
export type RunQuery = (sql: string) => Promise<unknown>;

type CheckedFile = Pick<ListedFile, 'path' | 'bytes' | 'crc32'>;

const MAGIC = 'PAR1';
/** Length of the footer and magic bytes: the end of every Parquet file. */
const TAIL_BYTES = 8;
const CHUNK_BYTES = 1024 * 1024;
const GONE_CODES = new Set(['ENOENT', 'ENOTDIR']);
const DENIED_CODES = new Set(['EACCES', 'EPERM']);
const DENIED_TEXT = /Permission denied|Operation not permitted/i;
/** What DuckDB says of a machine, a disk or itself that has no more to give at the moment. */
const PASSING_TEXTS = [
  'Out of Memory',
  'bad_alloc',
  'Cannot allocate memory',
  'Too many open files',
  'No space left on device',
  'Input/output error',
  'Remote I/O error',
  'No such device',
  'Device or resource busy',
  'Stale file handle',
  'Connection timed out',
  'Host is down',
  'Transport endpoint is not connected',
  'Resource temporarily unavailable',
  'INTERRUPT Error',
  'Interrupted system call',
  'has been invalidated',
];

/**
 * The CRC-32 of a whole file, as manifests list it.
 * @throws what the disk throws.
 */
export async function fileChecksum(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    return await checksumOf(handle);
  } finally {
    await handle.close();
  }
}

async function checksumOf(handle: FileHandle): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let checksum = 0;
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return checksum;
    checksum = crc32(buffer.subarray(0, bytesRead), checksum);
    position += bytesRead;
  }
}

/**
 * A cheap look at a listed file: whether it is there, as long as it should be, and begins and ends as Parquet does.
 * @param root - absolute path of the lake.
 */
export function glanceAtFile(root: string, file: CheckedFile): Promise<FileCondition> {
  return conditionOf(root, async () => {
    const path = join(root, file.path);
    const info = await stat(path);
    if (!info.isFile() || info.size !== file.bytes) return 'damaged';
    const handle = await open(path, 'r');
    try {
      return await hasParquetEnds(handle, info.size);
    } finally {
      await handle.close();
    }
  });
}

/**
 * Reads a listed file as a whole: its checksum where the manifest has one, else every column of every row.
 * @param run - used for a file without a checksum, on a DuckDB that nothing else depends on.
 */
export async function checkFile(root: string, file: CheckedFile, run: RunQuery): Promise<FileCondition> {
  const glance = await glanceAtFile(root, file);
  if (glance !== 'whole') return glance;
  const { crc32: expected } = file;
  if (expected === undefined) return readEveryColumn(root, file, run);
  return conditionOf(root, async () =>
    (await fileChecksum(join(root, file.path))) === expected ? 'whole' : 'damaged',
  );
}

/** Decodes every column of every row of a listed file. */
export async function readEveryColumn(root: string, file: CheckedFile, run: RunQuery): Promise<FileCondition> {
  try {
    await run(
      `SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(${sqlText(literalPath(join(root, file.path)))}, hive_partitioning = false)`,
    );
    return 'whole';
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (DENIED_TEXT.test(text)) return 'not-permitted';
    if (PASSING_TEXTS.some((passing) => text.includes(passing))) return 'unknown';
    // It may have gone while it was read.
    const glance = await glanceAtFile(root, file);
    return glance === 'whole' ? 'damaged' : glance;
  }
}

async function hasParquetEnds(handle: FileHandle, size: number): Promise<FileCondition> {
  if (size < MAGIC.length + TAIL_BYTES) return 'damaged';
  const ends = Buffer.alloc(MAGIC.length + TAIL_BYTES);
  await handle.read(ends, 0, MAGIC.length, 0);
  await handle.read(ends, MAGIC.length, TAIL_BYTES, size - TAIL_BYTES);
  const footerBytes = ends.readUInt32LE(MAGIC.length);
  const isParquet =
    ends.toString('latin1', 0, MAGIC.length) === MAGIC &&
    ends.toString('latin1', ends.length - MAGIC.length) === MAGIC &&
    footerBytes + MAGIC.length + TAIL_BYTES <= size;
  return isParquet ? 'whole' : 'damaged';
}

async function conditionOf(root: string, look: () => Promise<FileCondition>): Promise<FileCondition> {
  try {
    return await look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EISDIR') return 'damaged';
    if (DENIED_CODES.has(code)) return 'not-permitted';
    if (!GONE_CODES.has(code)) return 'unknown';
    // Without its manifest the whole lake is out of reach, as on a disk that is not mounted.
    return stat(join(root, MANIFEST_FILE)).then(
      () => 'missing' as const,
      () => 'unknown' as const,
    );
  }
}
