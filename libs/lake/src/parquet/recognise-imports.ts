import { earlierImportName } from '../catalog/layout.js';
import type { DataFile } from '../catalog/manifest.js';
import type { LakeStore } from '../store/lake-store.js';
import { checkFile, isDamage } from '../integrity/file-condition.js';
import { type LakeDatabase, literalPath, sqlText } from './lake-database.js';

/**
 * The files of a lake of the version before, which listed imports as if they were captured: a file whose posts were all
 * replayed belongs to the import of its arrival day. A file that is gone or damaged is taken for what all others are.
 * @returns the same files in the same order. One column of each is read.
 * @throws what DuckDB says of any other file that it cannot read: what is an import is decided once, and by no guess.
 */
export async function recogniseImports(
  database: LakeDatabase,
  store: LakeStore,
  files: readonly DataFile[],
): Promise<DataFile[]> {
  const replayed: (boolean | null)[] = [];
  for (const file of files) {
    const from = `read_parquet(${sqlText(literalPath(store.uriOf(file.path)))})`;
    const reader = await database.connection
      .runAndReadAll(`SELECT coalesce(bool_and(ingest_path = 'replay'), false) FROM ${from}`)
      .catch(async (error: unknown) => {
        if (isDamage(await checkFile(store.uri, file, (sql) => database.connection.run(sql)))) return null;
        throw error;
      });
    replayed.push(reader === null ? null : reader.getRows()[0]?.[0] === true);
  }
  const all = replayed.includes(true) && !replayed.includes(false);
  return files.map((file, index) =>
    (replayed[index] ?? all) ? { ...file, importName: earlierImportName(file.hour) } : file,
  );
}
