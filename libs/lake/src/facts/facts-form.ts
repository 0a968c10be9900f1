import type { LakeColumn } from '../parquet/post-schema.js';

/**
 * A column beside those of a post, derived from them when a file is written: all that figures need of a row, besides `terms`,
 * in one short text, so that a scan reads one column instead of seventeen, four of them lists (docs/adr/0003). Null in the
 * rare row whose texts cannot be told apart in it; readers then take the columns themselves. The number in its name rises
 * with its form: files with an older form are read by their columns.
 *
 * This file is the form. The SQL that writes it (`facts-sql.ts`), the engine's reader and Python's reader take it from here;
 * `golden-vectors.json` holds rows, their facts and what readers make of them, and each of the three is tested on it.
 */
export const FACTS_COLUMN: LakeColumn = { name: 'facts_2', type: 'VARCHAR' };

/** Names of the fields of `facts`, in their order in the text. */
export const FACTS_FIELDS = [
  'id',
  'author_id',
  'author_username',
  'source',
  'lang',
  'version',
  /** Milliseconds from creation to arrival; absent for 0. */
  'delay',
  /** `REPLY_LETTER`, `QUOTE_LETTER` or both. */
  'kind',
  'retweet_of',
  /** Epoch ms; absent where `retweet_of` states it. */
  'retweet_of_created',
  'retweet_count',
  /** Hashtags as they are folded. */
  'tags',
  /** Hashtags as they are spelled, as many as there are tags; absent where they are spelled as the tags are. */
  'hashtags',
  'mentions',
  'domains',
  /** Absent for a retweet; `WORDS_ARE_IN_TERMS` where they are the words among the tokens of `terms`. */
  'words',
] as const;

export type FactsField = (typeof FACTS_FIELDS)[number];

/** Between the fields. An absent field is the empty text. */
export const FIELD_SEPARATOR = '\u001F';
/** Between the items of `hashtags` and `domains`, which can hold anything. */
export const ITEM_SEPARATOR = '\u001E';
/** Between the items of the other lists, in which it cannot be. */
export const TOKEN_SEPARATOR = ' ';
/** Instead of words. No word looks like this. */
export const WORDS_ARE_IN_TERMS = '*';
export const REPLY_LETTER = 'r';
export const QUOTE_LETTER = 'q';
