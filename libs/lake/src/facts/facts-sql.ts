import { LAST_ID_WITHOUT_TIME, SNOWFLAKE_EPOCH_MS, SNOWFLAKE_TIME_SHIFT } from '@analytica/domain';
import {
  FACTS_FIELDS,
  type FactsField,
  FIELD_SEPARATOR,
  ITEM_SEPARATOR,
  QUOTE_LETTER,
  REPLY_LETTER,
  TOKEN_SEPARATOR,
  WORDS_ARE_IN_TERMS,
} from './facts-form.js';

const FIELD = character(FIELD_SEPARATOR);
const ITEM = character(ITEM_SEPARATOR);
const TOKEN = `'${TOKEN_SEPARATOR}'`;

/** A control character as SQL. */
function character(text: string): string {
  return `chr(${String(text.charCodeAt(0))})`;
}

/** Which tokens of `terms` are words, in a text in which words and tokens do not differ otherwise (rule 12). */
export function wordInTerms(token: string): string {
  return `CASE WHEN starts_with(${token}, '@') OR length(${token}) < 2 THEN false
    WHEN ${token} >= 'a' AND ${token} < '{' THEN true ELSE regexp_matches(${token}, '\\p{L}') END`;
}

const OWN_WORDS = 'CASE WHEN retweet_of IS NULL THEN words END';
const WORDS_OF_TERMS = `list_filter(string_split(trim(terms), ${TOKEN}), lambda token: ${wordInTerms('token')})`;

/** The instant that a snowflake states (rule 4), and the same in whole seconds; null for another id. */
const SNOWFLAKE_MS = `CASE WHEN source <> 'bluesky' AND CAST(TRY_CAST(retweet_of AS BIGINT) AS VARCHAR) = retweet_of
  AND TRY_CAST(retweet_of AS BIGINT) > ${String(LAST_ID_WITHOUT_TIME)}
  THEN (TRY_CAST(retweet_of AS BIGINT) >> ${String(SNOWFLAKE_TIME_SHIFT)}) + ${String(SNOWFLAKE_EPOCH_MS)} END`;
const TOLD_BY_ID = `coalesce(epoch_ms(retweet_of_created_at) IN (${SNOWFLAKE_MS}, ${SNOWFLAKE_MS} // 1000 * 1000), false)`;

/** The second in which a retweet's original was created (epoch ms), as far as its row says it, else when the retweet was. */
export function originalCreatedMs(): string {
  return `coalesce(coalesce(epoch_ms(retweet_of_created_at), ${SNOWFLAKE_MS}) // 1000 * 1000, epoch_ms(created_at))`;
}

/** The lists in `facts`, and what is between their items. */
const LISTS = [
  ['hashtags', ITEM],
  ['mentions', TOKEN],
  ['domains', ITEM],
  [OWN_WORDS, TOKEN],
] as const;
const TEXTS_NEVER_EMPTY = ['version', 'author_username', 'retweet_of'] as const;

const KIND = `concat(CASE WHEN reply_to IS NOT NULL THEN '${REPLY_LETTER}' END, CASE WHEN quote_of IS NOT NULL THEN '${QUOTE_LETTER}' END)`;

/** The fields of `facts`, each as SQL over the other columns. Null is the empty text. */
const FIELDS: Readonly<Record<FactsField, string>> = {
  id: 'id',
  author_id: 'author_id',
  author_username: 'author_username',
  source: 'source',
  lang: 'lang',
  version: 'version',
  delay: 'nullif(epoch_ms(ingested_at) - epoch_ms(created_at), 0)',
  kind: KIND,
  retweet_of: 'retweet_of',
  retweet_of_created: `CASE WHEN NOT ${TOLD_BY_ID} THEN epoch_ms(retweet_of_created_at) END`,
  retweet_count: 'retweet_count',
  tags: 'trim(tags)',
  hashtags: `CASE WHEN array_to_string(hashtags, ${TOKEN}) <> trim(tags) THEN array_to_string(hashtags, ${ITEM}) END`,
  mentions: `array_to_string(mentions, ${TOKEN})`,
  domains: `array_to_string(domains, ${ITEM})`,
  // Words of retweets are left out unless they are asked for, and half of all posts are retweets.
  words: `CASE WHEN retweet_of IS NOT NULL OR len(words) = 0 THEN NULL WHEN words = ${WORDS_OF_TERMS}
    THEN '${WORDS_ARE_IN_TERMS}' ELSE array_to_string(words, ${TOKEN}) END`,
};

/** The SQL that makes `facts` of a row. */
export function factsExpression(): string {
  const facts = `concat(${FACTS_FIELDS.map((name) => FIELDS[name]).join(`, ${FIELD}, `)})`;
  const count = (text: string, separator: string): string =>
    `(strlen(${text}) - strlen(replace(${text}, ${separator}, '')))`;
  const ambiguous = [
    `${count(facts, FIELD)} <> ${String(FACTS_FIELDS.length - 1)}`,
    `coalesce(len(hashtags), 0) <> CASE WHEN tags = ' ' THEN 0 ELSE ${count('tags', TOKEN)} - 1 END`,
    ...LISTS.flatMap(([list, separator]) => [
      `coalesce(${count(`array_to_string(${list}, ${separator})`, separator)} <> len(${list}) - 1 AND len(${list}) > 0, false)`,
      `coalesce(list_contains(${list}, ''), false)`,
    ]),
    ...TEXTS_NEVER_EMPTY.map((text) => `coalesce(${text} = '', false)`),
  ];
  return `CASE WHEN ${ambiguous.join(' OR ')} THEN NULL ELSE ${facts} END`;
}

/** A field of `facts` as it stands in the columns. */
export interface FieldColumn {
  readonly sql: string;
  readonly isList: boolean;
}

const text = (sql: string): FieldColumn => ({ sql, isList: false });
const list = (sql: string): FieldColumn => ({ sql, isList: true });
const TAGS = `list_filter(string_split(trim(tags), ${TOKEN}), lambda tag: tag <> '')`;

/** The fields of `facts` from the columns, for rows that have no facts: lists as lists, null for what is absent. */
export const FIELD_COLUMNS: Readonly<Record<FactsField, FieldColumn>> = {
  id: text('id'),
  author_id: text('author_id'),
  author_username: text('author_username'),
  source: text('source'),
  lang: text('lang'),
  version: text('version'),
  delay: text('epoch_ms(ingested_at) - epoch_ms(created_at)'),
  kind: text(KIND),
  retweet_of: text('retweet_of'),
  retweet_of_created: text('epoch_ms(retweet_of_created_at)'),
  retweet_count: text('retweet_count'),
  tags: list(TAGS),
  // As many as there are tags: a tag without a spelling of its own is its own.
  hashtags: list(`list_transform(${TAGS}, lambda tag, place: coalesce(hashtags[place], tag))`),
  mentions: list('mentions'),
  domains: list('domains'),
  words: list(OWN_WORDS),
};
