import { join } from 'node:path';
import type { Interval } from '@analytica/domain';
import { FACTS_COLUMN, type Snapshot } from '@analytica/lake';
import type { Condition } from './condition.js';
import { matchedColumns, type MatchedShape, SPLIT_FACTS } from './columns.js';
import { within, type ScanFile } from './partitions.js';
import { explainReadFailure } from './read-failure.js';
import type { Session } from './session.js';

/** How a Parquet file of the lake is read: the folders are hours, not Hive keys. */
export const READ_POSTS = 'read_parquet(?, hive_partitioning = false)';

/** Of a list of files the one that a row is from. */
const PLACE = '[file_index::BIGINT + 1]';

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
  readonly #conditions: readonly Condition[];
  readonly #interval: Interval;
  #rows = 0;
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
    this.#columns = matchedColumns(shape);
  }

  /** Rows so far, duplicates and deleted posts included. */
  get rows(): number {
    return this.#rows;
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
  }

  /** Reads the matching rows of some files. */
  async read(files: readonly ScanFile[]): Promise<void> {
    try {
      for (const condition of this.#conditions) await this.#readFacts(files, condition);
    } catch (error) {
      throw await explainReadFailure(
        this.#session,
        this.#snapshot,
        files.map(({ file }) => file),
        error,
      );
    }
  }

  /** By the one column `facts`; by the columns that it is made of where a file or a row has none. */
  async #readFacts(files: readonly ScanFile[], condition: Condition): Promise<void> {
    let added: number;
    try {
      const expressions = this.#columns.map(({ facts }) => facts).join(', ');
      added = await this.#insert(
        files,
        condition,
        (rows) => `SELECT ${PLACE}, ${expressions} FROM (
        SELECT file_index, file_row_number, created_at, terms, words, ${SPLIT_FACTS} FROM ${rows})`,
      );
    } catch (error) {
      if (!(error instanceof Error && NO_FACTS.test(error.message))) throw error;
      this.#rows += await this.#readColumns(files, condition, '');
      return;
    }
    this.#rows += added;
    if (added === 0) return;
    const without = await this.#session.rows('SELECT DISTINCT file FROM matched WHERE source IS NULL');
    if (without.length === 0) return;
    const orders = new Set(without.map((row) => Number(row[0])));
    await this.#session.run('DELETE FROM matched WHERE source IS NULL');
    await this.#readColumns(
      files.filter(({ order }) => orders.has(order)),
      condition,
      ` AND ${FACTS_COLUMN.name} IS NULL`,
    );
  }

  #readColumns(files: readonly ScanFile[], condition: Condition, also: string): Promise<number> {
    const expressions = this.#columns.map(({ plain }) => plain).join(', ');
    return this.#insert(files, condition, (rows) => `SELECT ${PLACE}, ${expressions} FROM ${rows}${also}`);
  }

  async #insert(files: readonly ScanFile[], condition: Condition, select: (rows: string) => string): Promise<number> {
    const paths = files.map(({ file }) => join(this.#snapshot.root, file.path));
    const inside = files.every(({ file }) => within(file, this.#interval));
    const interval = inside
      ? ''
      : ` AND created_at >= ${instant(this.#interval.from)} AND created_at < ${instant(this.#interval.to)}`;
    const orders = `[${files.map(({ order }) => order).join(', ')}]`;
    const sql = select(`${READ_POSTS} WHERE ${condition.sql}${interval}`).replace(PLACE, `${orders}${PLACE}`);
    return this.#session.run(`INSERT INTO matched ${sql}`, [paths, ...condition.parameters]);
  }

  /** Finds the rows so far that do not count (rules 3, 14 and 24). To be called before any figure is asked. */
  async settle(): Promise<void> {
    await this.#session.run('TRUNCATE dead');
    this.#dead = 0;
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
