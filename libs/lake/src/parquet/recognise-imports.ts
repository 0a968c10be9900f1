import { earlierImportName } from '../catalog/layout.js';
import type { DataFile } from '../catalog/manifest.js';
import type { LakeStore } from '../store/lake-store.js';
import { type LakeDatabase, literalPath, sqlText } from './lake-database.js';

/**
 * The files of a lake of the version before, which listed imports as if they were captured: a file whose posts were all
 * replayed belongs to the import of its arrival day. A file that cannot be read is taken for what all others are.
 * @returns the same files in the same order. One column of each is read.
 */
export async function recogniseImports(
  database: LakeDatabase,
  store: LakeStore,
  files: readonly DataFile[],
): Promise<DataFile[]> {
  const replayed: (boolean | null)[] = [];
  for (const { path } of files) {
    const from = `read_parquet(${sqlText(literalPath(store.uriOf(path)))})`;
    const reader = await database.connection
      .runAndReadAll(`SELECT coalesce(bool_and(ingest_path = 'replay'), false) FROM ${from}`)
      .catch(() => null);
    replayed.push(reader === null ? null : reader.getRows()[0]?.[0] === true);
  }
  const all = replayed.includes(true) && !replayed.includes(false);
  return files.map((file, index) =>
    (replayed[index] ?? all) ? { ...file, importName: earlierImportName(file.hour) } : file,
  );
}
