import type { DataFile, LakeKind } from '../catalog/manifest.js';
import type { LakeStore } from '../store/lake-store.js';
import { type LakeDatabase, literalPath, sqlText } from './lake-database.js';

/**
 * What kind the posts of these files are, by the first post that can be read: a lake holds one kind.
 * @returns null where there is no post, or none that can be read.
 */
export async function kindOfPosts(
  database: LakeDatabase,
  store: LakeStore,
  files: readonly Pick<DataFile, 'path'>[],
): Promise<LakeKind | null> {
  for (const { path } of files) {
    const found = await database.connection
      .runAndReadAll(`SELECT source = 'demo' FROM read_parquet(${sqlText(literalPath(store.uriOf(path)))}) LIMIT 1`)
      .catch(() => null);
    const row = found?.getRows()[0];
    if (row !== undefined) return row[0] === true ? 'demo' : 'real';
  }
  return null;
}
