import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export interface LakeDatabaseOptions {
  /** DuckDB's own cap; beyond it, sorting spills into `temporaryFolder`. */
  readonly memoryMiB: number;
  readonly threads: number;
  readonly temporaryFolder: string;
}

/** An in-memory DuckDB that only reads and writes the lake's files: no network, no extensions, UTC. */
export class LakeDatabase {
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  static async open(options: LakeDatabaseOptions): Promise<LakeDatabase> {
    await mkdir(options.temporaryFolder, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${String(options.memoryMiB)}MiB`,
      threads: String(options.threads),
      temp_directory: options.temporaryFolder,
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return new LakeDatabase(instance, connection);
  }

  close(): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

/** What reads a few files of a snapshot beside an engine needs no more. */
const READER = { memoryMiB: 128, threads: 1 };

/**
 * Gives work a small database of its own, with a temporary folder; both are gone when it ends.
 * @param purpose - what the folder's name begins with.
 */
export async function withReader<T>(purpose: string, work: (database: LakeDatabase) => Promise<T>): Promise<T> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), `${purpose}-`));
  try {
    const database = await LakeDatabase.open({ ...READER, temporaryFolder });
    try {
      return await work(database);
    } finally {
      database.close();
    }
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

/** A path as DuckDB's readers take it, to whom `*`, `?` and `[` are patterns. */
export function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

/** A text as a SQL constant. Only for paths of the lake, which come from configuration and numbers, never from a request. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
