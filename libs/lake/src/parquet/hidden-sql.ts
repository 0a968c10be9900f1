import { TOMBSTONE_COLUMNS } from './post-schema.js';

/** Events compete within a state: what is withheld is one, all else that can happen to a post or an account is another (rule 24). */
export const IS_WITHHELD = `reason = 'withheld'`;

/**
 * Rows of tombstone files with all columns as SQL: files of versions before lack those of events.
 * @param from - what to read: a table function over their paths, with `union_by_name`.
 */
export function allTombstoneColumns(from: string): string {
  const typed = TOMBSTONE_COLUMNS.map(({ name, type }) => `NULL::${type} AS "${name}"`).join(', ');
  return `(SELECT * FROM ${from} UNION ALL BY NAME SELECT ${typed} WHERE false)`;
}

/**
 * The posts that rows of tombstone files hide as SQL (`source`, `id`, `before`): deletes, updates, and the ids whose newest event
 * says so.
 * @param rows - a relation with all columns of tombstone files.
 */
export function hiddenPosts(rows: string): string {
  return `SELECT source, id, before FROM ${rows} WHERE "at" IS NULL
    UNION ALL SELECT source, id, NULL FROM (${newestEvents(rows, 'id')}) WHERE hidden`;
}

/** The authors whose newest event hides their posts as SQL (`source`, `author_id`, `until`). @param rows - as for `hiddenPosts`. */
export function hiddenAuthors(rows: string): string {
  return `SELECT source, author_id, max(until) AS until FROM (${newestEvents(rows, 'author_id')}) WHERE hidden GROUP BY ALL`;
}

/** Of the events of one state the newest; of several of one time the one that hides most. */
function newestEvents(rows: string, key: 'id' | 'author_id'): string {
  return `SELECT * FROM ${rows} WHERE ${key} IS NOT NULL AND hidden IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY source, ${key}, ${IS_WITHHELD} ORDER BY "at" DESC, hidden DESC, until DESC NULLS LAST) = 1`;
}
