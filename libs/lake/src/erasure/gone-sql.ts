import { FINAL_REASONS } from '@analytica/domain';
import { originalCreatedMs } from '../facts/facts-sql.js';
import { allTombstoneColumns } from '../parquet/hidden-sql.js';
import { literalPath, sqlText } from '../parquet/lake-database.js';

/** The columns of a post that say where it was written. */
export const PLACE_COLUMNS = ['place_country', 'place_name', 'lat', 'lon'] as const;

const FINAL = FINAL_REASONS.map(sqlText).join(', ');

/** A file of tombstones to take into account. */
export interface EventFile {
  /** Absolute path. */
  readonly path: string;
  /** Whether its events that can be undone have been there for 30 days. */
  readonly isMatured: boolean;
}

/**
 * Statements that make the tables of what leaves the files (rule 28): `gone_posts`, `gone_authors` and
 * `gone_places`; and `gone_rows`, for the ids of the rows that are found.
 * @param files - at least one.
 */
export function goneTables(files: readonly EventFile[]): readonly string[] {
  const paths = files.map(({ path }) => sqlText(literalPath(path))).join(', ');
  const matured = files.filter(({ isMatured }) => isMatured).map(({ path }) => sqlText(path));
  const isMatured = matured.length === 0 ? 'false' : `file IN (${matured.join(', ')})`;
  const rows = allTombstoneColumns(
    `read_parquet([${paths}], union_by_name = true, hive_partitioning = false, filename = 'file')`,
  );
  return [
    `CREATE TABLE events AS SELECT *, ${isMatured} AS matured, reason = 'withheld' AS state FROM ${rows}`,
    `CREATE TABLE gone_posts AS
      SELECT source, id FROM events WHERE "at" IS NULL AND before IS NULL
      UNION SELECT source, id FROM (${standingEvents('id')})`,
    `CREATE TABLE gone_authors AS
      SELECT source, author_id, max(until) AS until FROM (${standingEvents('author_id')}) GROUP BY ALL`,
    `CREATE TABLE gone_places AS
      SELECT DISTINCT source, id, author_id, TRY_CAST(up_to_id AS UHUGEINT) AS up_to, "at" FROM events
      WHERE reason = 'scrub_geo'`,
    'CREATE TABLE gone_rows (id VARCHAR)',
  ];
}

/** Events that hide and that no newer one of their state has undone, where they are final or old enough. */
function standingEvents(key: 'id' | 'author_id'): string {
  const undone = `SELECT source, ${key}, state, max("at") AS undone FROM events WHERE ${key} IS NOT NULL AND NOT hidden GROUP BY ALL`;
  return `SELECT * FROM events LEFT JOIN (${undone}) USING (source, ${key}, state)
    WHERE ${key} IS NOT NULL AND hidden AND (undone IS NULL OR "at" >= undone) AND (reason IN (${FINAL}) OR matured)`;
}

/** Statements that make of a file the tables `doomed` (its rows that go) and `placed` (its rows that lose their place). */
export function rowTables(path: string): readonly string[] {
  const hasPlace = PLACE_COLUMNS.map((name) => `${name} IS NOT NULL`).join(' OR ');
  return [
    `CREATE OR REPLACE TABLE posts AS SELECT file_row_number AS "row", source, id, author_id, retweet_of, retweet_of_author_id,
        epoch_ms(created_at) AS created, ${originalCreatedMs()} AS original, ${hasPlace} AS has_place
      FROM read_parquet(${sqlText(literalPath(path))}, hive_partitioning = false, file_row_number = true)`,
    `CREATE OR REPLACE TABLE doomed AS
      SELECT "row" FROM posts JOIN gone_posts USING (source, id)
      UNION SELECT "row" FROM posts JOIN gone_posts g ON posts.source = g.source AND posts.retweet_of = g.id
      UNION SELECT "row" FROM posts JOIN gone_authors USING (source, author_id) WHERE created <= epoch_ms(until)
      UNION SELECT "row" FROM posts JOIN gone_authors a ON posts.source = a.source AND posts.retweet_of_author_id = a.author_id
        WHERE original <= epoch_ms(until)`,
    `CREATE OR REPLACE TABLE placed AS
      SELECT "row" FROM posts JOIN gone_places USING (source, id) WHERE has_place
      UNION SELECT "row" FROM posts JOIN gone_places g ON posts.source = g.source AND posts.author_id = g.author_id
        WHERE has_place AND CASE WHEN up_to IS NULL THEN created <= epoch_ms("at") ELSE TRY_CAST(posts.id AS UHUGEINT) <= up_to END`,
  ];
}

/** Remembers the ids of the rows that go: what is about a post of an author does not always name the author. */
export const REMEMBER_DOOMED = 'INSERT INTO gone_rows SELECT id FROM posts SEMI JOIN doomed USING ("row")';

/** The rows of a file that stay, as SQL with all of its columns, in their order. */
export function remainingRows(path: string): string {
  const without = PLACE_COLUMNS.map(
    (name) => `CASE WHEN file_row_number IN (SELECT "row" FROM placed) THEN NULL ELSE ${name} END AS ${name}`,
  );
  return `(SELECT * REPLACE (${without.join(', ')})
    FROM read_parquet(${sqlText(literalPath(path))}, hive_partitioning = false, file_row_number = true)
    WHERE file_row_number NOT IN (SELECT "row" FROM doomed) ORDER BY file_row_number)`;
}
