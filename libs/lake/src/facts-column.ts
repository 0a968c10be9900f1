import type { LakeColumn } from './post-schema.js';

/** Between the fields of `facts`. */
export const FIELD_SEPARATOR = '\u001F';
/** Between the items of a list in `facts`. */
export const ITEM_SEPARATOR = '\u001E';

const FIELD = 'chr(31)';
const ITEM = 'chr(30)';
const OWN_WORDS = 'CASE WHEN retweet_of IS NULL THEN words END';
const LISTS = ['hashtags', 'mentions', 'domains', OWN_WORDS] as const;
const TEXTS_NEVER_EMPTY = ['version', 'author_username', 'retweet_of'] as const;

/** The fields of `facts` in order, each as SQL over the other columns. Null is the empty text. */
const FIELDS = {
  source: 'source',
  id: 'id',
  version: 'version',
  ingested: 'epoch_ms(ingested_at)',
  lang: 'lang',
  author_id: 'author_id',
  author_username: 'author_username',
  is_reply: `CASE WHEN reply_to IS NOT NULL THEN '1' END`,
  is_quote: `CASE WHEN quote_of IS NOT NULL THEN '1' END`,
  retweet_of: 'retweet_of',
  retweet_of_created: 'epoch_ms(retweet_of_created_at)',
  retweet_count: 'retweet_count',
  tags: 'tags',
  hashtags: `array_to_string(hashtags, ${ITEM})`,
  mentions: `array_to_string(mentions, ${ITEM})`,
  domains: `array_to_string(domains, ${ITEM})`,
  // Words of retweets are left out unless they are asked for, and half of all posts are retweets.
  words: `array_to_string(${OWN_WORDS}, ${ITEM})`,
} as const;

export type FactsField = keyof typeof FIELDS;

/** Names of the fields of `facts`, in their order in the text. */
export const FACTS_FIELDS = Object.keys(FIELDS) as readonly FactsField[];

/**
 * A column beside those of a post, derived from them when a file is written: all that figures need of a row in one text, so
 * that a scan reads one column instead of seventeen, four of them lists (docs/adr/0003). Null in the rare row whose texts
 * cannot be told apart in it; readers then take the columns themselves.
 */
export const FACTS_COLUMN: LakeColumn = { name: 'facts', type: 'VARCHAR' };

/** The SQL that makes `facts` of a row. */
export function factsExpression(): string {
  const facts = `concat(${Object.values(FIELDS).join(`, ${FIELD}, `)})`;
  const count = (separator: string): string => `(strlen(${facts}) - strlen(replace(${facts}, ${separator}, '')))`;
  const items = LISTS.map((list) => `greatest(coalesce(len(${list}), 0) - 1, 0)`).join(' + ');
  const ambiguous = [
    `${count(FIELD)} <> ${String(FACTS_FIELDS.length - 1)}`,
    `${count(ITEM)} <> ${items}`,
    ...LISTS.map((list) => `coalesce(list_contains(${list}, ''), false)`),
    ...TEXTS_NEVER_EMPTY.map((text) => `coalesce(${text} = '', false)`),
  ];
  return `CASE WHEN ${ambiguous.join(' OR ')} THEN NULL ELSE ${facts} END`;
}
