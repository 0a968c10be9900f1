import {
  DuckDBInstance,
  LIST,
  VARCHAR,
  listValue,
  type DuckDBConnection,
  type DuckDBListValue,
} from '@duckdb/node-api';
import { FACTS_COLUMN, fileUri } from '@analytica/lake';
import type { BenchLake } from './lake.ts';

const READ = 'read_parquet(?, hive_partitioning = false)';

/** What the statistics are measured against: plain DuckDB on the same files with as many threads. */
export class Baseline {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #files: DuckDBListValue;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, files: DuckDBListValue) {
    this.#instance = instance;
    this.#connection = connection;
    this.#files = files;
  }

  static async open(lake: BenchLake, threads: number, tempDirectory: string): Promise<Baseline> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: '4GB',
      temp_directory: tempDirectory,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run('SET parquet_metadata_cache = true');
    const files = lake.snapshot.manifest.files.map((file) => fileUri(lake.snapshot, file));
    return new Baseline(instance, connection, listValue(files));
  }

  /** (a) The count alone, by a regex on the plain text. */
  async regexCount(word: string): Promise<number> {
    const pattern = `(^|\\s)(${word})(\\s|$)`;
    return Number(await this.#value(`SELECT count(*) FROM ${READ} WHERE regexp_matches(text, '${pattern}')`));
  }

  /** (b) The columns that full statistics need, read once and reduced to a number. */
  async readColumns(): Promise<number> {
    return Number(
      await this.#value(
        `SELECT count(created_at) + sum(strlen(terms)) + sum(strlen(${FACTS_COLUMN.name})) FROM ${READ}`,
      ),
    );
  }

  /** A word for each share of the posts, as near as there is one; no hashtag, so that the plain text shows it alone. */
  async topics(shares: readonly number[]): Promise<string[]> {
    const counted = await this.#rows(
      `SELECT word, count(*) FROM (
         SELECT unnest(list_distinct(words)) AS word FROM ${READ} WHERE tags = ' ' USING SAMPLE 20 PERCENT (system, 7)
       ) GROUP BY word HAVING count(*) > 1`,
    );
    const total = Number(
      await this.#value(`SELECT count(*) FROM ${READ} WHERE tags = ' ' USING SAMPLE 20 PERCENT (system, 7)`),
    );
    return shares.map((share) => {
      let best = { word: '', distance: Number.POSITIVE_INFINITY };
      for (const [word, count] of counted) {
        const distance = Math.abs(Math.log(Number(count) / total / share));
        if (distance < best.distance) best = { word: String(word), distance };
      }
      return best.word;
    });
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #rows(sql: string): Promise<unknown[][]> {
    const reader = await this.#connection.runAndReadAll(sql, [this.#files], [LIST(VARCHAR)]);
    return reader.getRowsJS();
  }

  async #value(sql: string): Promise<unknown> {
    return (await this.#rows(sql))[0]?.[0];
  }
}
