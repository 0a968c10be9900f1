import { join, resolve } from 'node:path';
import { AppError, HOUR_MS } from '@analytica/domain';

export const MANIFEST_FILE = 'manifest.json';
export const RETENTION_FILE = 'retention.json';
export const ERASURE_FILE = 'erasure.json';
/** Where versions before kept pins: in the lake's root. */
export const FORMER_PINS_FOLDER = 'pins';
export const LOG_FOLDER = 'log';
export const DEAD_LETTERS_FOLDER = 'dead-letters';
export const IMPORTS_FOLDER = 'imports';
export const TOMBSTONES_FOLDER = 'tombstones';
/** Where DuckDB spills, each instance in a folder of its own: two in one folder take each other's files and crash. */
export const SPILL_FOLDER = 'tmp';

/** What a listed file may be called. Paths reach SQL, so a manifest with any other path is refused. */
export const DATA_PATH =
  /^(?:imports\/[a-z0-9][a-z0-9._-]{0,63}\/)?\d{4}\/\d{2}\/\d{2}\/\d{2}\/\d{15}-\d{15}(?:\.r\d{1,6})?\.parquet$/;
export const TOMBSTONE_PATH = /^tombstones\/\d{4}\/\d{2}\/\d{2}\/\d{2}\/\d{15}-\d{15}\.parquet$/;
export const LISTED_PATH = new RegExp(`${DATA_PATH.source}|${TOMBSTONE_PATH.source}`);
/** What an import may be called: it is a folder of the lake. */
export const IMPORT_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Where a lake is, and where its readers keep their pins: beside it, since only its writer writes into it. */
export interface LakeLocation {
  /** Absolute path. */
  readonly root: string;
  /** Absolute path. */
  readonly pins: string;
}

/** Folders of DATA_DIR that are no lake: what workers spill, logs of processes, the private Redis. */
const TAKEN_FOLDERS = ['tmp', 'logs', 'redis'];
const PINS_SUFFIX = '.pins';
const LAKE_NAME = /^(?!\.+$)[A-Za-z0-9._-]{1,64}$/;

/**
 * Where the lake named by `LAKE` is.
 * @param dataDir - `DATA_DIR`; a relative path is taken from the working directory.
 * @param lake - a name below `dataDir`, or a path (with a slash).
 * @throws AppError `CONFIG_INVALID`.
 */
export function lakeLocation(dataDir: string, lake: string): LakeLocation {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(lake)) {
    throw new AppError(
      'CONFIG_INVALID',
      `LAKE is "${lake}": only a name or a path on this machine can be used so far.`,
    );
  }
  const isPath = /[/\\]/.test(lake);
  if (!isPath && !LAKE_NAME.test(lake)) {
    throw new AppError('CONFIG_INVALID', `LAKE is "${lake}": give a name of letters, digits and . _ -, or a path.`);
  }
  const location = lakeAt(isPath ? resolve(lake) : resolve(dataDir, lake));
  // These folders of DATA_DIR are others': a lake there would take their files for its own, or clear them away.
  const data = resolve(dataDir);
  const taken = [data, ...TAKEN_FOLDERS.map((name) => join(data, name))];
  if (taken.includes(location.root) || location.root.endsWith(PINS_SUFFIX)) {
    throw new AppError(
      'CONFIG_INVALID',
      `LAKE is "${lake}": that folder has another use; choose another name or path.`,
    );
  }
  return location;
}

/** The lake in a folder, with its pins beside it. */
export function lakeAt(root: string): LakeLocation {
  const folder = resolve(root);
  return { root: folder, pins: folder + PINS_SUFFIX };
}

/** Start of the UTC hour that holds `time` (epoch ms). */
export function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

/** `YYYY/MM/DD/HH` of an arrival hour (epoch ms), UTC. */
export function hourFolder(hour: number): string {
  return new Date(hour).toISOString().slice(0, 13).replace(/[-T]/g, '/');
}

/** A log sequence as it stands in names: 15 digits, so that names sort as numbers do. */
export function sequenceName(sequence: number): string {
  return String(sequence).padStart(15, '0');
}

/**
 * Path of a file of posts, relative to the lake's root: arrival hour, then its range of the log (counting.md, rule 22), in the
 * folder of its import where it has one.
 */
export function dataPath(hour: number, firstSeq: number, lastSeq: number, importName: string | null = null): string {
  const path = `${hourFolder(hour)}/${sequenceName(firstSeq)}-${sequenceName(lastSeq)}.parquet`;
  return importName === null ? path : `${IMPORTS_FOLDER}/${importName}/${path}`;
}

/** Where a file of posts goes that is written again without some of its rows: readers of the one before still have it. */
export function revisedPath(path: string): string {
  const [, name = '', revision = '0'] = /^(.*?)(?:\.r(\d+))?\.parquet$/.exec(path) ?? [];
  return `${name}.r${String(Number(revision) + 1)}.parquet`;
}

/** Whether a file was written again. */
export function isRevised({ path }: { readonly path: string }): boolean {
  return /\.r\d+\.parquet$/.test(path);
}

/** What posts are called that the version before replayed, which named no imports: by their arrival day, UTC. */
export function earlierImportName(hour: number): string {
  return `replay-${new Date(hour).toISOString().slice(0, 10)}`;
}

/** Path of a file of tombstones, relative to the lake's root. */
export function tombstonePath(hour: number, firstSeq: number, lastSeq: number): string {
  return `${TOMBSTONES_FOLDER}/${dataPath(hour, firstSeq, lastSeq)}`;
}
