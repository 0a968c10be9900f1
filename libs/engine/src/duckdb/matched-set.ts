import { join } from 'node:path';
import type { Interval } from '@analytica/domain';
import { FACTS_COLUMN, type Snapshot } from '@analytica/lake';
import type { Condition } from './condition.js';
import { arrivedColumns, matchedColumns, type MatchedShape, SPLIT_FACTS } from './columns.js';
import { within, type ScanFile } from './partitions.js';
import { explainReadFailure } from './read-failure.js';
import type { Session } from './session.js';

/** How a Parquet file of the lake is read: the folders are hours, not Hive keys. */
export const READ_POSTS = 'read_parquet(?, hive_partitioning = false)';

/** DuckDB moves inserts of more rows than a row group has; smaller ones it copies. */
const SPLIT_ROWS = 130_000;

/** What DuckDB says of a file, the first or another, that has no such column. */
const NO_FACTS = new RegExp(`column "${FACTS_COLUMN.name}" (not found|was read from)`);

/** An instant as SQL; only ever a number of ours. */
export function instant(ms: number): string {
  return `make_timestamptz(${String(Math.trunc(ms) * 1000)})`;
}

/**
 * The posts of the interval that match, in one temporary table of the session, filled chunk by chunk; every figure is
 * counted from it. `live` is what counts of it: without duplicates, outdated versions and deleted posts.
 */
export class MatchedSet {
  readonly #session: Session;
  readonly #snapshot: Snapshot;
  readonly #columns: ReturnType<typeof matchedColumns>;
  readonly #shape: MatchedShape;
  readonly #conditions: readonly Condition[];
  readonly #interval: Interval;
  #rows = 0;
  /** Rows in `arrived`, and the files that they are from. */
  #arrived = 0;
  #unsplit: ScanFile[] = [];
  #dead = 0;
  #tombstonesLoaded = false;

  constructor(
    session: Session,
    snapshot: Snapshot,
    interval: Interval,
    conditions: readonly Condition[],
    shape: MatchedShape,
  ) {
    this.#session = session;
    this.#snapshot = snapshot;
    this.#interval = interval;
    this.#conditions = conditions;
    this.#shape = shape;
    this.#columns = matchedColumns(shape);
  }

  /** Rows so far, duplicates and deleted posts included. */
  get rows(): number {
    return this.#rows + this.#arrived;
  }

  /** What a figure reads from, after `settle`: the table, or the table less the rows that do not count. */
  get live(): string {
    return this.#dead === 0
      ? '(SELECT *, rowid AS n FROM matched)'
      : '(SELECT *, rowid AS n FROM matched ANTI JOIN dead ON matched.rowid = dead.n)';
  }

  /** Rows that count, after `settle`. */
  get liveRows(): number {
    return this.#rows - this.#dead;
  }

  async create(): Promise<void> {
    const columns = this.#columns.map(({ name, type }) => `${name} ${type}`);
    await this.#session.run(`CREATE TEMP TABLE matched (file INTEGER, ${columns.join(', ')})`);
    await this.#session.run('CREATE TEMP TABLE dead (n BIGINT)');
    await this.#createArrived();
  }

  /**
   * Reads the matching rows of some files: by the one column `facts`, or by the columns that it is made of where a file or a
   * row has none.
   *
   * A scan gives few rows at a time, and a field of each costs as much for a hundred rows as for two thousand. So rows are put
   * aside in `arrived` as they come, and their fields are told apart later, many at once.
   */
  async read(files: readonly ScanFile[]): Promise<void> {
    await this.#explained(files, async () => {
      try {
        this.#arrived += await this.#insert('arrived', files, `file_row_number, ${arrivedColumns(this.#shape)}`);
        this.#unsplit.push(...files);
      } catch (error) {
        if (!(error instanceof Error && NO_FACTS.test(error.message))) throw error;
        await this.#readColumns(files, '');
      }
    });
    if (this.#arrived >= SPLIT_ROWS) await this.#split();
  }

  /** Moves what has arrived into the matched set. */
  async #split(): Promise<void> {
    if (this.#arrived === 0) return;
    const expressions = this.#columns.map(({ facts }) => facts).join(', ');
    this.#rows += await this.#session.run(
      `INSERT INTO matched SELECT file, ${expressions} FROM (
         SELECT file, file_row, created, words, ${SPLIT_FACTS} FROM arrived WHERE facts IS NOT NULL)`,
    );
    const without = await this.#session.rows('SELECT DISTINCT file FROM arrived WHERE facts IS NULL');
    const orders = new Set(without.map((row) => Number(row[0])));
    const files = this.#unsplit.filter(({ order }) => orders.has(order));
    if (files.length > 0) {
      await this.#explained(files, () => this.#readColumns(files, ` AND ${FACTS_COLUMN.name} IS NULL`));
    }
    await this.#createArrived();
  }

  async #createArrived(): Promise<void> {
    this.#arrived = 0;
    this.#unsplit = [];
    await this.#session.run(
      `CREATE OR REPLACE TEMP TABLE arrived
       (file INTEGER, file_row BIGINT, created BIGINT, facts VARCHAR, words VARCHAR)`,
    );
  }

  async #explained(files: readonly ScanFile[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw await explainReadFailure(
        this.#session,
        this.#snapshot,
        files.map(({ file }) => file),
        error,
      );
    }
  }

  async #readColumns(files: readonly ScanFile[], also: string): Promise<void> {
    this.#rows += await this.#insert('matched', files, this.#columns.map(({ plain }) => plain).join(', '), also);
  }

  /** Inserts the place and some expressions of the matching rows into a table, and returns how many there are. */
  async #insert(table: string, files: readonly ScanFile[], expressions: string, also = ''): Promise<number> {
    const paths = files.map(({ file }) => join(this.#snapshot.root, file.path));
    const inside = files.every(({ file }) => within(file, this.#interval));
    const interval = inside
      ? ''
      : ` AND created_at >= ${instant(this.#interval.from)} AND created_at < ${instant(this.#interval.to)}`;
    const file = `[${files.map(({ order }) => order).join(', ')}][file_index::BIGINT + 1]`;
    await this.#session.willRead(paths);
    let added = 0;
    for (const { sql, parameters } of this.#conditions) {
      added += await this.#session.run(
        `INSERT INTO ${table} SELECT ${file}, ${expressions} FROM ${READ_POSTS} WHERE ${sql}${interval}${also}`,
        [paths, ...parameters],
      );
    }
    return added;
  }

  /** Finds the rows so far that do not count (rules 3, 14 and 24). To be called before any figure is asked. */
  async settle(): Promise<void> {
    await this.#session.run('TRUNCATE dead');
    this.#dead = 0;
    await this.#split();
    if (this.#rows === 0) return;
    await this.#loadTombstones();
    // First the copies of one version (the first stored stays), then all but the newest version of an id.
    this.#dead = await this.#session.run(`
      INSERT INTO dead
      WITH twice AS (
        SELECT hash(id) AS id_hash FROM matched GROUP BY id_hash HAVING count(*) > 1
      ), candidates AS (
        SELECT rowid AS n, source, id, version, created, created + coalesce(delay, 0) AS ingested, file, file_row
        FROM matched WHERE hash(id) IN (FROM twice)
      ), copies AS (
        SELECT *, row_number() OVER (PARTITION BY source, id, version ORDER BY ingested, file, file_row) AS copy
        FROM candidates
      ), versions AS (
        SELECT n, copy, row_number() OVER (PARTITION BY source, id
          ORDER BY copy = 1 DESC, created DESC, version DESC NULLS LAST, ingested, file, file_row) AS place FROM copies
      ), deleted AS (
        SELECT DISTINCT matched.rowid AS n FROM matched JOIN tombstones USING (source, id)
        WHERE before IS NULL OR created < before
      )
      SELECT n FROM versions WHERE place > 1 UNION SELECT n FROM deleted`);
  }

  async #loadTombstones(): Promise<void> {
    if (this.#tombstonesLoaded) return;
    await loadTombstones(this.#session, this.#snapshot);
    this.#tombstonesLoaded = true;
  }
}

/** All tombstones of the snapshot as the temporary table `tombstones (source, id, before)`. */
async function loadTombstones(session: Session, snapshot: Snapshot): Promise<void> {
  await session.run('CREATE TEMP TABLE tombstones (source VARCHAR, id VARCHAR, before BIGINT)');
  const files = snapshot.manifest.tombstones;
  if (files.length === 0) return;
  const paths = files.map(({ path }) => join(snapshot.root, path));
  await session.willRead(paths);
  try {
    await session.run(
      `INSERT INTO tombstones SELECT source, id, epoch_ms(before)
       FROM read_parquet(?, hive_partitioning = false)`,
      [paths],
    );
  } catch (error) {
    throw await explainReadFailure(session, snapshot, files, error);
  }
}
