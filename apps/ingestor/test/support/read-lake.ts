import { join } from 'node:path';
import { LakeDatabase, type Manifest, readManifest } from '@analytica/lake';

export interface LakeContent {
  readonly manifest: Manifest;
  readonly posts: readonly string[];
  readonly tombstones: readonly string[];
}

/** Reads every file that the manifest lists, whole. */
export async function readLake(root: string, scratch: string): Promise<LakeContent> {
  const manifest = await readManifest(root);
  if (manifest === null) throw new Error('There is no manifest.');
  const database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(scratch, 'duckdb') });
  const ids = async (files: readonly { readonly path: string }[]): Promise<string[]> => {
    if (files.length === 0) return [];
    const list = files.map((file) => `'${join(root, file.path)}'`).join(', ');
    const reader = await database.connection.runAndReadAll(
      `SELECT id, hash(whole) FROM read_parquet([${list}]) AS whole ORDER BY 1`,
    );
    return reader.getRows().map((row) => String(row[0]));
  };
  try {
    return { manifest, posts: await ids(manifest.files), tombstones: await ids(manifest.tombstones) };
  } finally {
    database.close();
  }
}
