/** A column of the lake: its name and its DuckDB type. */
export interface LakeColumn {
  readonly name: string;
  readonly type: string;
}

const TIME = 'TIMESTAMPTZ';
const LIST = 'VARCHAR[]';

/** The columns of a post in file order. New ones are nullable and come at the end. Times are UTC (`isAdjustedToUTC`). */
export const POST_COLUMNS: readonly LakeColumn[] = [
  { name: 'id', type: 'VARCHAR' },
  { name: 'source', type: 'VARCHAR' },
  { name: 'created_at', type: TIME },
  { name: 'ingested_at', type: TIME },
  { name: 'text', type: 'VARCHAR' },
  { name: 'text_clean', type: 'VARCHAR' },
  { name: 'lang', type: 'VARCHAR' },
  { name: 'author_id', type: 'VARCHAR' },
  { name: 'author_username', type: 'VARCHAR' },
  { name: 'author_followers', type: 'BIGINT' },
  { name: 'hashtags', type: LIST },
  { name: 'mentions', type: LIST },
  { name: 'urls', type: LIST },
  { name: 'domains', type: LIST },
  { name: 'cashtags', type: LIST },
  { name: 'emojis', type: LIST },
  { name: 'terms', type: 'VARCHAR' },
  { name: 'tags', type: 'VARCHAR' },
  { name: 'words', type: LIST },
  { name: 'retweet_of', type: 'VARCHAR' },
  { name: 'retweet_of_author_id', type: 'VARCHAR' },
  { name: 'retweet_of_author_username', type: 'VARCHAR' },
  { name: 'retweet_of_created_at', type: TIME },
  { name: 'quote_of', type: 'VARCHAR' },
  { name: 'reply_to', type: 'VARCHAR' },
  { name: 'conversation_id', type: 'VARCHAR' },
  { name: 'edit_history_ids', type: LIST },
  { name: 'retweet_count', type: 'BIGINT' },
  { name: 'reply_count', type: 'BIGINT' },
  { name: 'like_count', type: 'BIGINT' },
  { name: 'quote_count', type: 'BIGINT' },
  { name: 'place_country', type: 'VARCHAR' },
  { name: 'place_name', type: 'VARCHAR' },
  { name: 'lat', type: 'DOUBLE' },
  { name: 'lon', type: 'DOUBLE' },
  { name: 'rule_tags', type: LIST },
  { name: 'ingest_path', type: 'VARCHAR' },
  { name: 'normalizer', type: 'INTEGER' },
  { name: 'schema_version', type: 'INTEGER' },
  { name: 'version', type: 'VARCHAR' },
];

/**
 * The columns of a tombstone file: rows of `DeleteRow`. A delete or an update has the first four; the others are of events that hide
 * posts or take their places away. Files of versions before end there.
 */
export const TOMBSTONE_COLUMNS: readonly LakeColumn[] = [
  { name: 'source', type: 'VARCHAR' },
  { name: 'id', type: 'VARCHAR' },
  { name: 'before', type: TIME },
  { name: 'ingested_at', type: TIME },
  { name: 'author_id', type: 'VARCHAR' },
  { name: 'at', type: TIME },
  { name: 'until', type: TIME },
  { name: 'hidden', type: 'BOOLEAN' },
  { name: 'reason', type: 'VARCHAR' },
  { name: 'up_to_id', type: 'VARCHAR' },
  { name: 'countries', type: LIST },
];

/** Whether a row of a tombstone file is an event (a delete or an update has no time of its own). */
export const IS_EVENT = '"at" IS NOT NULL';
