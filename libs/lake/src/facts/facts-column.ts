import { LAST_ID_WITHOUT_TIME, SNOWFLAKE_EPOCH_MS, SNOWFLAKE_TIME_SHIFT } from '@analytica/domain';
import type { LakeColumn } from '../parquet/post-schema.js';

/** Between the fields of `facts`. */
export const FIELD_SEPARATOR = '\u001F';
/** Between the items of a list whose items can hold anything; the others have a space, which is in none of their items. */
export const ITEM_SEPARATOR = '\u001E';
/** Instead of words: they are what `WORD_IN_TERMS` leaves of `terms`. No word looks like this. */
export const WORDS_ARE_IN_TERMS = '*';

const FIELD = 'chr(31)';
const ITEM = 'chr(30)';

/** Which tokens of `terms` are words, in a text in which words and tokens do not differ otherwise (rule 12). */
export function wordInTerms(token: string): string {
  return `CASE WHEN starts_with(${token}, '@') OR length(${token}) < 2 THEN false
    WHEN ${token} >= 'a' AND ${token} < '{' THEN true ELSE regexp_matches(${token}, '\\p{L}') END`;
}

const OWN_WORDS = 'CASE WHEN retweet_of IS NULL THEN words END';
const WORDS_OF_TERMS = `list_filter(string_split(trim(terms), ' '), lambda token: ${wordInTerms('token')})`;

/** The instant that a snowflake states (rule 4), and the same in whole seconds; null for another id. */
const SNOWFLAKE_MS = `CASE WHEN source <> 'bluesky' AND CAST(TRY_CAST(retweet_of AS BIGINT) AS VARCHAR) = retweet_of
  AND TRY_CAST(retweet_of AS BIGINT) > ${String(LAST_ID_WITHOUT_TIME)}
  THEN (TRY_CAST(retweet_of AS BIGINT) >> ${String(SNOWFLAKE_TIME_SHIFT)}) + ${String(SNOWFLAKE_EPOCH_MS)} END`;
const TOLD_BY_ID = `coalesce(epoch_ms(retweet_of_created_at) IN (${SNOWFLAKE_MS}, ${SNOWFLAKE_MS} // 1000 * 1000), false)`;

/** The lists in `facts`, and what is between their items. */
const LISTS = [
  ['hashtags', ITEM],
  ['mentions', `' '`],
  ['domains', ITEM],
  [OWN_WORDS, `' '`],
] as const;
const TEXTS_NEVER_EMPTY = ['version', 'author_username', 'retweet_of'] as const;

/** The fields of `facts` in order, each as SQL over the other columns. Null is the empty text. */
const FIELDS = {
  id: 'id',
  author_id: 'author_id',
  author_username: 'author_username',
  source: 'source',
  lang: 'lang',
  version: 'version',
  /** Milliseconds from creation to arrival. */
  delay: 'nullif(epoch_ms(ingested_at) - epoch_ms(created_at), 0)',
  /** `r` for a reply, `q` for a quote. */
  kind: `concat(CASE WHEN reply_to IS NOT NULL THEN 'r' END, CASE WHEN quote_of IS NOT NULL THEN 'q' END)`,
  retweet_of: 'retweet_of',
  /** Only where the id does not tell it. */
  retweet_of_created: `CASE WHEN NOT ${TOLD_BY_ID} THEN epoch_ms(retweet_of_created_at) END`,
  retweet_count: 'retweet_count',
  tags: 'trim(tags)',
  /** Only where they are not spelled as the tags are. */
  hashtags: `CASE WHEN array_to_string(hashtags, ' ') <> trim(tags) THEN array_to_string(hashtags, ${ITEM}) END`,
  mentions: `array_to_string(mentions, ' ')`,
  domains: `array_to_string(domains, ${ITEM})`,
  // Words of retweets are left out unless they are asked for, and half of all posts are retweets.
  words: `CASE WHEN retweet_of IS NOT NULL OR len(words) = 0 THEN NULL WHEN words = ${WORDS_OF_TERMS}
    THEN '${WORDS_ARE_IN_TERMS}' ELSE array_to_string(words, ' ') END`,
} as const;

export type FactsField = keyof typeof FIELDS;

/** Names of the fields of `facts`, in their order in the text. */
export const FACTS_FIELDS = Object.keys(FIELDS) as readonly FactsField[];

/**
 * A column beside those of a post, derived from them when a file is written: all that figures need of a row, besides `terms`,
 * in one short text, so that a scan reads one column instead of seventeen, four of them lists (docs/adr/0003). Null in the
 * rare row whose texts cannot be told apart in it; readers then take the columns themselves. The number in its name rises
 * with its form: files with an older form are read by their columns.
 */
export const FACTS_COLUMN: LakeColumn = { name: 'facts_2', type: 'VARCHAR' };

/** The SQL that makes `facts` of a row. */
export function factsExpression(): string {
  const facts = `concat(${Object.values(FIELDS).join(`, ${FIELD}, `)})`;
  const count = (text: string, separator: string): string =>
    `(strlen(${text}) - strlen(replace(${text}, ${separator}, '')))`;
  const ambiguous = [
    `${count(facts, FIELD)} <> ${String(FACTS_FIELDS.length - 1)}`,
    `coalesce(len(hashtags), 0) <> CASE WHEN tags = ' ' THEN 0 ELSE ${count('tags', `' '`)} - 1 END`,
    ...LISTS.flatMap(([list, separator]) => [
      `coalesce(${count(`array_to_string(${list}, ${separator})`, separator)} <> len(${list}) - 1 AND len(${list}) > 0, false)`,
      `coalesce(list_contains(${list}, ''), false)`,
    ]),
    ...TEXTS_NEVER_EMPTY.map((text) => `coalesce(${text} = '', false)`),
  ];
  return `CASE WHEN ${ambiguous.join(' OR ')} THEN NULL ELSE ${facts} END`;
}
