import { revisedPath } from '../catalog/layout.js';
import type { DataFile, Manifest } from '../catalog/manifest.js';
import type { LakeInspector } from '../integrity/lake-inspector.js';
import { LakeDatabase } from '../parquet/lake-database.js';
import { rewriteDataFile } from '../parquet/parquet-writer.js';
import type { LakeStore } from '../store/lake-store.js';
import { goneTables, remainingRows, REMEMBER_DOOMED, rowTables } from './gone-sql.js';

const MEMORY_MIB = 384;

export interface EraserParts {
  readonly store: LakeStore;
  /** A folder of this machine that DuckDB may spill into. */
  readonly spillFolder: string;
  readonly inspector: LakeInspector;
  /** Lists what `write` makes at `path` in the place of a file; null where nothing of it is left. */
  readonly replace: (file: DataFile, path: string, write: () => Promise<DataFile | null>) => Promise<void>;
}

/** Which of some ids (of posts or authors) belong to what is erased. */
export type FindErased = (ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** What one pass has done. */
export interface Erasure {
  /** Files that were rewritten or left the list. */
  readonly files: number;
  readonly posts: number;
  readonly places: number;
}

export const NOTHING_ERASED: Erasure = { files: 0, posts: 0, places: 0 };

/** Rewrites files without what was deleted (counting.md, rule 28), also those of imports and of hours that closed long ago. */
export class Eraser {
  readonly #parts: EraserParts;

  constructor(parts: EraserParts) {
    this.#parts = parts;
  }

  /**
   * @param elsewhere - takes out of other files what is erased here. It comes before the first file is rewritten: only a row says
   * which post its author wrote, and a pass that is cut short before that finds the same rows again.
   * @throws what `elsewhere` throws, and then no file is rewritten; AggregateError of what failed, after the rest.
   */
  async erase(
    manifest: Manifest,
    signal: AbortSignal,
    elsewhere: (find: FindErased) => Promise<void>,
  ): Promise<Erasure> {
    const { store, spillFolder: temporaryFolder } = this.#parts;
    const files = manifest.tombstones.map(({ path, matured }) => ({
      path: store.uriOf(path),
      isMatured: matured === true,
    }));
    if (files.length === 0) return NOTHING_ERASED;
    const database = await LakeDatabase.open({ memoryMiB: MEMORY_MIB, threads: 1, temporaryFolder });
    const errors: unknown[] = [];
    let erasure = NOTHING_ERASED;
    try {
      await this.#makeTables(database, manifest, goneTables(files));
      if (!(await hasRows(database, 'gone_posts', 'gone_authors', 'gone_places'))) return erasure;
      const affected: DataFile[] = [];
      await this.#forEach(manifest.files, signal, errors, async (file) => {
        const { posts, places } = await this.#findRows(database, file);
        if (posts + places > 0) affected.push(file);
        if (posts > 0) await database.connection.run(REMEMBER_DOOMED);
      });
      if (!signal.aborted) await elsewhere((ids) => findErased(database, ids));
      await this.#forEach(affected, signal, errors, async (file) => {
        erasure = sum(erasure, await this.#eraseIn(database, file));
      });
    } finally {
      database.close();
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, `${String(errors.length)} of the lake's files still hold what was deleted.`);
    }
    return erasure;
  }

  /** A file that cannot be read is set aside; other errors are added to `errors`. */
  async #forEach(
    files: readonly DataFile[],
    signal: AbortSignal,
    errors: unknown[],
    action: (file: DataFile) => Promise<void>,
  ): Promise<void> {
    for (const file of files) {
      if (signal.aborted) return;
      try {
        await action(file);
      } catch (error) {
        if (!(await this.#parts.inspector.check([file]))) errors.push(error);
      }
    }
  }

  /** A file of tombstones that cannot be read is set aside: the next pass does without it. */
  async #makeTables(database: LakeDatabase, { tombstones }: Manifest, statements: readonly string[]): Promise<void> {
    try {
      for (const sql of statements) await database.connection.run(sql);
    } catch (error) {
      await this.#parts.inspector.check(tombstones);
      throw error;
    }
  }

  /** Makes the tables of a file's rows. @returns how many posts go, and how many others lose their place. */
  async #findRows(database: LakeDatabase, file: DataFile): Promise<Omit<Erasure, 'files'>> {
    for (const sql of rowTables(this.#parts.store.uriOf(file.path))) await database.connection.run(sql);
    const reader = await database.connection.runAndReadAll(
      'SELECT (SELECT count(*) FROM doomed), (SELECT count(*) FROM placed ANTI JOIN doomed USING ("row"))',
    );
    const [posts = 0, places = 0] = (reader.getRows()[0] ?? []).map(Number);
    return { posts, places };
  }

  async #eraseIn(database: LakeDatabase, file: DataFile): Promise<Erasure> {
    const { store, replace } = this.#parts;
    const { posts, places } = await this.#findRows(database, file);
    const path = revisedPath(file.path);
    await replace(file, path, async () =>
      posts === file.rows
        ? null
        : rewriteDataFile(
            database,
            store,
            { ...file, path, rows: file.rows - posts },
            remainingRows(store.uriOf(file.path)),
          ),
    );
    return { files: 1, posts, places };
  }
}

async function hasRows(database: LakeDatabase, ...tables: readonly string[]): Promise<boolean> {
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
  const reader = await database.connection.runAndReadAll(`SELECT ${counts}`);
  return Number(reader.getRows()[0]?.[0]) > 0;
}

async function findErased(database: LakeDatabase, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const reader = await database.connection.runAndReadAll(
    `SELECT DISTINCT id FROM (SELECT unnest(CAST($1 AS JSON)::VARCHAR[]) AS id)
      WHERE id IN (SELECT id FROM gone_posts) OR id IN (SELECT author_id FROM gone_authors) OR id IN (FROM gone_rows)`,
    [JSON.stringify(ids)],
  );
  return new Set(reader.getRows().map(([id]) => String(id)));
}

function sum(a: Erasure, b: Erasure): Erasure {
  return { files: a.files + b.files, posts: a.posts + b.posts, places: a.places + b.places };
}
