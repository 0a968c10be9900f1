import type { Interval } from '@analytica/domain';
import { FACTS_COLUMN, fileUri, isWithin, literalPath, type Snapshot } from '@analytica/lake';
import type { MatchedPosts } from '../aggregate/matched-posts.js';
import type { Condition } from './condition.js';
import type { ScanFile } from '../partitions.js';
import { explainReadFailure } from './read-failure.js';
import { factsOf, PLAIN_COLUMNS, plainRecord, RECORD_COLUMNS, recordsOf, type RecordShape } from './record-columns.js';
import { COLUMNS_FORM } from './record-block.js';
import { RecordReader } from './record-reader.js';
import type { Row, EngineConnection } from './connection.js';

/** How a Parquet file of the lake is read: the folders are hours, not Hive keys. */
export const READ_POSTS = 'read_parquet(?, hive_partitioning = false)';

/** What DuckDB says of a file, the first or another, that has no such column. */
const NO_FACTS = new RegExp(`column "${FACTS_COLUMN.name}" (not found|was read from)`);

/** An instant as SQL; only ever a number of ours. */
export function instant(ms: number): string {
  return `make_timestamptz(${String(Math.trunc(ms) * 1000)})`;
}

/** Matching rows of some files, as a query gave them. */
export interface Batch {
  /** Records of a file, one after another. */
  readonly records: readonly { readonly file: number; readonly bytes: Uint8Array }[];
  /** Rows whose texts hold the separators of records, by their columns. */
  readonly plain: readonly { readonly file: number; readonly row: Row }[];
}

export interface ScanQuestion {
  readonly interval: Interval;
  readonly conditions: readonly Condition[];
  readonly shape: RecordShape;
}

/**
 * Filters files in DuckDB and brings the matching rows into a matched set. The rows of a file come as one value of bytes: taking
 * values out of DuckDB one by one costs more than everything that is counted from them.
 */
export class Scan {
  readonly #idle: EngineConnection[];
  readonly #snapshot: Snapshot;
  readonly #question: ScanQuestion;
  readonly #reader: RecordReader;

  /** @param connections - one for each fetch that may be under way at once. */
  constructor(
    connections: readonly EngineConnection[],
    snapshot: Snapshot,
    question: ScanQuestion,
    posts: MatchedPosts,
  ) {
    this.#idle = [...connections];
    this.#snapshot = snapshot;
    this.#question = question;
    this.#reader = new RecordReader(posts, question.shape.includeRetweetWords);
  }

  async fetch(files: readonly ScanFile[]): Promise<Batch> {
    const connection = this.#idle.pop();
    if (connection === undefined) throw new Error('More fetches at once than connections for them.');
    try {
      try {
        return await this.#fetch(connection, files, true);
      } catch (error) {
        if (!(error instanceof Error && NO_FACTS.test(error.message))) throw error;
        return await this.#fetch(connection, files, false);
      }
    } catch (error) {
      const lakeFiles = files.map(({ file }) => file);
      throw await explainReadFailure(connection, this.#snapshot, lakeFiles, error);
    } finally {
      this.#idle.push(connection);
    }
  }

  /** @throws AppError `ENGINE_FAILED` for a record that is none: a file of another origin. */
  add({ records, plain }: Batch): void {
    for (const { file, bytes } of records) this.#reader.readAll(bytes, file);
    for (const { file, row } of plain) {
      this.#reader.read(plainRecord(row), file, COLUMNS_FORM);
    }
  }

  /** @param written - whether all the files have the column of facts. */
  async #fetch(connection: EngineConnection, files: readonly ScanFile[], written: boolean): Promise<Batch> {
    const paths = this.#paths(files);
    const { shape } = this.#question;
    const records: { file: number; bytes: Uint8Array }[] = [];
    const plain: { file: number; row: Row }[] = [];
    await connection.willRead(paths);
    for (const { sql, parameters } of this.#question.conditions) {
      const matching = (columns: string): string =>
        `SELECT file_index, file_row_number, ${columns}, ${factsOf(written)} AS facts
         FROM ${READ_POSTS} WHERE ${sql}${this.#inInterval(files)}`;
      const rows = await connection.rows(
        `SELECT file_index, encode(string_agg(record, '')), count(*) - count(record)
         FROM (${recordsOf(matching(RECORD_COLUMNS), shape)}) GROUP BY file_index`,
        [paths, ...parameters],
      );
      const without: ScanFile[] = [];
      for (const [index, bytes, missing] of rows) {
        const file = files[Number(index)];
        if (file === undefined) continue;
        if (bytes instanceof Uint8Array) records.push({ file: file.order, bytes });
        if (Number(missing) > 0) without.push(file);
      }
      if (without.length === 0) continue;
      const found = await connection.rows(
        `SELECT file_index, ${PLAIN_COLUMNS} FROM (${matching('*')}) WHERE facts IS NULL`,
        [this.#paths(without), ...parameters],
      );
      plain.push(...found.map(([index, ...row]) => ({ file: without[Number(index)]?.order ?? 0, row })));
    }
    return { records, plain };
  }

  #paths(files: readonly ScanFile[]): string[] {
    return files.map(({ file }) => literalPath(fileUri(this.#snapshot, file)));
  }

  #inInterval(files: readonly ScanFile[]): string {
    const { interval } = this.#question;
    return files.every(({ file }) => isWithin(file, interval))
      ? ''
      : ` AND created_at >= ${instant(interval.from)} AND created_at < ${instant(interval.to)}`;
  }
}
