import { join } from 'node:path';
import type { DataFile } from '../catalog/manifest.js';
import { type LakeDatabase, literalPath, sqlText } from '../parquet/lake-database.js';

/** What makes a post the same post. */
export interface PostIdentity {
  readonly source: string;
  readonly id: string;
  readonly version: string | null;
  /** Arrival time, epoch ms. */
  readonly arrivedAt: number;
}

/** Posts of one file. */
export interface IdentityPage {
  /** The import that they belong to; null for captured posts. */
  readonly importName: string | null;
  readonly posts: readonly PostIdentity[];
}

/**
 * The identities of the posts of one file, in pages, once all of it has been read: no post counts as known that stands in a file
 * that turns out to be damaged.
 * @throws whatever DuckDB says of a file that it cannot read, or that it ended before the last row.
 */
export async function identitiesOf(
  database: LakeDatabase,
  root: string,
  { path, importName, rows: expected }: Pick<DataFile, 'path' | 'importName' | 'rows'>,
): Promise<readonly IdentityPage[]> {
  const result = await database.connection.stream(
    `SELECT source, id, version, epoch_ms(ingested_at) FROM read_parquet(${sqlText(literalPath(join(root, path)))})`,
  );
  const pages: IdentityPage[] = [];
  let found = 0;
  for await (const rows of result.yieldRowsJs()) {
    const posts = rows.map(([source, id, version, arrivedAt]) => ({
      source: text(source),
      id: text(id),
      version: version === null ? null : text(version),
      arrivedAt: Number(arrivedAt),
    }));
    pages.push({ importName, posts });
    found += posts.length;
  }
  // A stream of DuckDB ends without an error where reading fails behind its first rows.
  if (found !== expected) throw new Error(`${path} gave ${String(found)} of its ${String(expected)} rows.`);
  return pages;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('An id in the lake is not a text.');
  return value;
}
