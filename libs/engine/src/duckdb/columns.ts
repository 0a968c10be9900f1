import { FACTS_COLUMN, FACTS_FIELDS, type FactsField, WORDS_ARE_IN_TERMS } from '@analytica/lake';

/** A column of the matched set: its name, its type, and what it is in terms of the lake's columns or of `facts`. */
interface MatchedColumn {
  readonly name: string;
  readonly type: string;
  readonly plain: string;
  readonly facts: string;
}

/** What `facts` is split into, before its fields are taken. */
export const SPLIT_FACTS = 'string_split(facts, chr(31)) AS f';

/** A field of `facts`, once split. */
function field(name: FactsField): string {
  return `f[${String(FACTS_FIELDS.indexOf(name) + 1)}]`;
}

function beside(name: string, type: string, plain: string): MatchedColumn {
  return { name, type, plain, facts: name };
}

/** Null where there is none. */
function text(name: FactsField, plain: string = name): MatchedColumn {
  return { name, type: 'VARCHAR', plain, facts: `nullif(${field(name)}, '')` };
}

function integer(name: string, from: FactsField, plain: string): MatchedColumn {
  return { name, type: 'BIGINT', plain, facts: `CAST(nullif(${field(from)}, '') AS BIGINT)` };
}

/** A list whose items can hold anything; null where it is empty. */
function list(name: FactsField, plain: string): MatchedColumn {
  const facts = `CASE WHEN ${field(name)} <> '' THEN string_split(${field(name)}, chr(30)) END`;
  return { name, type: 'VARCHAR[]', plain, facts };
}

/** What identity, order and retweets need: enough to page through posts. */
const KEY_COLUMNS: readonly MatchedColumn[] = [
  text('source'),
  text('id'),
  beside('created', 'BIGINT', 'epoch_ms(created_at)'),
  integer('delay', 'delay', 'nullif(epoch_ms(ingested_at) - epoch_ms(created_at), 0)'),
  text('version'),
  beside('file_row', 'BIGINT', 'file_row_number'),
  text('retweet_of'),
  // From `facts` only where the id does not tell it.
  integer('retweet_of_created', 'retweet_of_created', 'epoch_ms(retweet_of_created_at)'),
  integer('reported', 'retweet_count', 'retweet_count'),
];

/** What the figures need besides. Tags, mentions and words are texts with a space between the items. */
const FIGURE_COLUMNS: readonly MatchedColumn[] = [
  text('lang'),
  text('author_id'),
  text('author_username'),
  text(
    'kind',
    `nullif(concat(CASE WHEN reply_to IS NOT NULL THEN 'r' END, CASE WHEN quote_of IS NOT NULL THEN 'q' END), '')`,
  ),
  text('tags', `nullif(trim(tags), '')`),
  // Null also where they are spelled as the tags are.
  list('hashtags', 'CASE WHEN len(hashtags) > 0 THEN hashtags END'),
  text('mentions', `nullif(array_to_string(mentions, ' '), '')`),
  list('domains', 'CASE WHEN len(domains) > 0 THEN domains END'),
];

/** The words are those tokens of `terms` that are words, and `words` is `terms`, untrimmed: taking the spaces off is dear. */
const IN_TERMS = `${field('words')} = '${WORDS_ARE_IN_TERMS}'`;

const OWN_WORDS: readonly MatchedColumn[] = [
  {
    name: 'words',
    type: 'VARCHAR',
    plain: `CASE WHEN retweet_of IS NULL AND len(words) > 0 THEN array_to_string(words, ' ') END`,
    facts: `CASE WHEN ${IN_TERMS} THEN words ELSE nullif(${field('words')}, '') END`,
  },
  { name: 'of_terms', type: 'BOOLEAN', plain: 'false', facts: IN_TERMS },
];

/** `facts` has no words of retweets: whoever wants them reads the column. */
const ALL_WORDS: readonly MatchedColumn[] = [
  beside('words', 'VARCHAR', `CASE WHEN len(words) > 0 THEN array_to_string(words, ' ') END`),
  { name: 'of_terms', type: 'BOOLEAN', plain: 'false', facts: 'false' },
];

export interface MatchedShape {
  readonly figures: boolean;
  readonly includeRetweetWords: boolean;
}

/** The columns of the matched set for a run or for a page of posts. */
export function matchedColumns(shape: MatchedShape): readonly MatchedColumn[] {
  if (!shape.figures) return KEY_COLUMNS;
  return [...KEY_COLUMNS, ...FIGURE_COLUMNS, ...(shape.includeRetweetWords ? ALL_WORDS : OWN_WORDS)];
}

/** What a row of the lake gives `arrived` besides its place: `created`, `facts`, and `words` where `facts` leaves them out. */
export function arrivedColumns(shape: MatchedShape): string {
  const facts = FACTS_COLUMN.name;
  const ofTerms = `CASE WHEN suffix(${facts}, '${WORDS_ARE_IN_TERMS}') THEN terms END`;
  const words = shape.includeRetweetWords ? `CASE WHEN len(words) > 0 THEN array_to_string(words, ' ') END` : ofTerms;
  return `epoch_ms(created_at), ${facts}, ${shape.figures ? words : 'NULL'}`;
}
