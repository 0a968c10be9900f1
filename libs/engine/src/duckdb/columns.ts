import { FACTS_FIELDS, type FactsField } from '@analytica/lake';

/** A column of the matched set: its name, its type, and what it is in terms of the lake's columns or of `facts`. */
interface MatchedColumn {
  readonly name: string;
  readonly type: string;
  readonly plain: string;
  readonly facts: string;
}

/** A field of `facts`, once split into the list `f`. */
function field(name: FactsField): string {
  return `f[${String(FACTS_FIELDS.indexOf(name) + 1)}]`;
}

function same(name: string, type: string, expression: string): MatchedColumn {
  return { name, type, plain: expression, facts: expression };
}

function text(name: FactsField): MatchedColumn {
  return { name, type: 'VARCHAR', plain: name, facts: `nullif(${field(name)}, '')` };
}

function integer(name: string, from: FactsField, plain: string): MatchedColumn {
  return { name, type: 'BIGINT', plain, facts: `CAST(nullif(${field(from)}, '') AS BIGINT)` };
}

function list(name: FactsField, condition?: { readonly plain: string; readonly facts: string }): MatchedColumn {
  const only = condition === undefined ? '' : `${condition.facts} AND `;
  return {
    name,
    type: 'VARCHAR[]',
    plain: condition === undefined ? name : `CASE WHEN ${condition.plain} THEN ${name} END`,
    facts: `CASE WHEN ${only}${field(name)} <> '' THEN string_split(${field(name)}, chr(30)) END`,
  };
}

/** What identity, order and retweets need: enough to page through posts. */
const KEY_COLUMNS: readonly MatchedColumn[] = [
  text('source'),
  text('id'),
  // Grouping by an integer finds the few candidates for duplicates several times faster than by two texts.
  { name: 'id_hash', type: 'UBIGINT', plain: 'hash(id)', facts: `hash(${field('id')})` },
  same('created', 'BIGINT', 'epoch_ms(created_at)'),
  integer('ingested', 'ingested', 'epoch_ms(ingested_at)'),
  text('version'),
  same('file_row', 'BIGINT', 'file_row_number'),
  text('retweet_of'),
  integer('retweet_of_created', 'retweet_of_created', 'epoch_ms(retweet_of_created_at)'),
  integer('reported', 'retweet_count', 'retweet_count'),
];

/** What the figures need besides. */
const FIGURE_COLUMNS: readonly MatchedColumn[] = [
  text('lang'),
  text('author_id'),
  text('author_username'),
  { name: 'is_reply', type: 'BOOLEAN', plain: 'reply_to IS NOT NULL', facts: `${field('is_reply')} <> ''` },
  { name: 'is_quote', type: 'BOOLEAN', plain: 'quote_of IS NOT NULL', facts: `${field('is_quote')} <> ''` },
  { name: 'tags', type: 'VARCHAR', plain: 'tags', facts: field('tags') },
  list('hashtags'),
  list('mentions'),
  list('domains'),
];

const NO_RETWEET = { plain: 'retweet_of IS NULL', facts: `${field('retweet_of')} = ''` };

export interface MatchedShape {
  readonly figures: boolean;
  readonly includeRetweetWords: boolean;
}

/** The columns of the matched set for a run or for a page of posts. */
export function matchedColumns(shape: MatchedShape): readonly MatchedColumn[] {
  if (!shape.figures) return KEY_COLUMNS;
  const own = list('words', NO_RETWEET);
  // `facts` has no words of retweets: whoever wants them reads the column.
  const words = shape.includeRetweetWords ? same('words', 'VARCHAR[]', 'words') : own;
  return [...KEY_COLUMNS, ...FIGURE_COLUMNS, words];
}
