/** A column of the matched set: its name, its type and what it is in terms of the lake's columns. */
interface MatchedColumn {
  readonly name: string;
  readonly type: string;
  readonly expression: string;
}

function column(name: string, type: string, expression = name): MatchedColumn {
  return { name, type, expression };
}

/** What identity, order and retweets need: enough to page through posts. */
const KEY_COLUMNS: readonly MatchedColumn[] = [
  column('source', 'VARCHAR'),
  column('id', 'VARCHAR'),
  // Grouping by an integer finds the few candidates for duplicates several times faster than by two texts.
  column('id_hash', 'UBIGINT', 'hash(id)'),
  column('created', 'BIGINT', 'epoch_ms(created_at)'),
  column('ingested', 'BIGINT', 'epoch_ms(ingested_at)'),
  column('version', 'VARCHAR'),
  column('file_row', 'BIGINT', 'file_row_number'),
  column('retweet_of', 'VARCHAR'),
  column('retweet_of_created', 'BIGINT', 'epoch_ms(retweet_of_created_at)'),
  column('reported', 'BIGINT', 'retweet_count'),
];

/** What the figures need besides. */
const FIGURE_COLUMNS: readonly MatchedColumn[] = [
  column('lang', 'VARCHAR'),
  column('author_id', 'VARCHAR'),
  column('author_username', 'VARCHAR'),
  column('is_reply', 'BOOLEAN', 'reply_to IS NOT NULL'),
  column('is_quote', 'BOOLEAN', 'quote_of IS NOT NULL'),
  column('tags', 'VARCHAR'),
  column('hashtags', 'VARCHAR[]'),
  column('mentions', 'VARCHAR[]'),
  column('domains', 'VARCHAR[]'),
];

export interface MatchedShape {
  readonly figures: boolean;
  readonly includeRetweetWords: boolean;
}

/** The columns of the matched set for a run or for a page of posts. */
export function matchedColumns(shape: MatchedShape): readonly MatchedColumn[] {
  if (!shape.figures) return KEY_COLUMNS;
  const words = shape.includeRetweetWords ? 'words' : 'CASE WHEN retweet_of IS NULL THEN words END';
  return [...KEY_COLUMNS, ...FIGURE_COLUMNS, column('words', 'VARCHAR[]', words)];
}
