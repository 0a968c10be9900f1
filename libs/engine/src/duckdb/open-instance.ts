import { mkdir } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

export interface DuckDbEngineOptions {
  /** DuckDB's form: `2GB`, `512MB`. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** Where temporary tables go that do not fit into memory. Made if missing. */
  readonly tempDirectory: string;
  /** Runs at once; others wait. Default: no limit. */
  readonly parallelRuns?: number;
  /** Files whose footers are kept in memory, 0.4 MB each, not counted in `memoryLimit`. Default: 4,000. */
  readonly cachedFooters?: number;
  /** What a run may keep of the posts that match, about 150 bytes each, not counted in `memoryLimit`. Default: 1 GiB. */
  readonly matchedBytes?: number;
  /** False leaves results without the texts of posts: what figures alone cost. Default: true. */
  readonly displayRows?: boolean;
}

/** Opens a DuckDB instance for an engine. */
export async function openInstance(options: DuckDbEngineOptions): Promise<DuckDBInstance> {
  await mkdir(options.tempDirectory, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit,
    threads: String(options.threads),
    temp_directory: options.tempDirectory,
    // Nothing is ever fetched at run time.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Every order that matters is asked for; without this inserts and scans run on one thread.
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  try {
    // The files of a lake never change once they are listed, so that their footers need reading only once.
    await connection.run(`SET GLOBAL TimeZone = 'UTC'; SET GLOBAL parquet_metadata_cache = true`);
  } finally {
    connection.closeSync();
  }
  return instance;
}
