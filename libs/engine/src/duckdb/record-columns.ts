import { FACTS_COLUMN, FACTS_FIELDS, type FactsField, factsExpression, WORDS_ARE_IN_TERMS } from '@analytica/lake';
import { COLUMNS_FORM } from './record-block.js';
import type { Row } from './connection.js';
import { asTexts } from './values.js';

/** What a scan has to give besides identity and order. */
export interface RecordShape {
  readonly figures: boolean;
  readonly includeRetweetWords: boolean;
}

const SEPARATOR = 'chr(31)';

/** The words beside `facts`: all of them where it leaves out those that are asked for, those of `terms` where it says so. */
function wordsBeside(facts: string, shape: RecordShape): string {
  if (!shape.figures) return `''`;
  if (shape.includeRetweetWords) return `coalesce(array_to_string(words, ' '), '')`;
  return `CASE WHEN suffix(${facts}, '${WORDS_ARE_IN_TERMS}') THEN terms ELSE '' END`;
}

/** The `facts` of a row: its column, or what a file without that column would have in it. */
export function factsOf(written: boolean): string {
  return written ? FACTS_COLUMN.name : factsExpression();
}

/** What a record is made of, besides `facts` and its place. */
export const RECORD_COLUMNS = 'created_at, terms, words';

/** Records of rows with their `facts`, each with its length before it, as SQL over `rows`; null where a row has no facts. */
export function recordsOf(rows: string, shape: RecordShape): string {
  const length = `strlen(place) + strlen(created) + strlen(facts) + strlen(beside) + 3`;
  const parts = [length, 'place', 'created', 'facts', 'beside'].join(`, ${SEPARATOR}, `);
  return `SELECT file_index, CASE WHEN facts IS NOT NULL THEN concat(${parts}) END AS record FROM (
    SELECT file_index, CAST(file_row_number AS VARCHAR) AS place, CAST(epoch_ms(created_at) AS VARCHAR) AS created, facts,
      ${wordsBeside('facts', shape)} AS beside FROM (${rows}))`;
}

interface PlainColumn {
  readonly sql: string;
  readonly isList: boolean;
}

const text = (sql: string): PlainColumn => ({ sql, isList: false });
const list = (sql: string): PlainColumn => ({ sql, isList: true });

/** The fields of `facts` as they stand in the columns. */
const PLAIN: Readonly<Record<FactsField, PlainColumn>> = {
  id: text('id'),
  author_id: text('author_id'),
  author_username: text('author_username'),
  source: text('source'),
  lang: text('lang'),
  version: text('version'),
  delay: text('epoch_ms(ingested_at) - epoch_ms(created_at)'),
  kind: text(`concat(CASE WHEN reply_to IS NOT NULL THEN 'r' END, CASE WHEN quote_of IS NOT NULL THEN 'q' END)`),
  retweet_of: text('retweet_of'),
  retweet_of_created: text('epoch_ms(retweet_of_created_at)'),
  retweet_count: text('retweet_count'),
  tags: list(`list_filter(string_split(trim(tags), ' '), lambda tag: tag <> '')`),
  // As many as there are tags: a tag without a spelling of its own is its own.
  hashtags: list(
    `list_transform(list_filter(string_split(trim(tags), ' '), lambda tag: tag <> ''), lambda tag, place: coalesce(hashtags[place], tag))`,
  ),
  mentions: list('mentions'),
  domains: list('domains'),
  words: list('CASE WHEN retweet_of IS NULL THEN words END'),
};

/** A row's place and its columns, for rows whose texts hold the separators of `facts`. */
export const PLAIN_COLUMNS = [
  'file_row_number',
  'epoch_ms(created_at)',
  ...FACTS_FIELDS.map((name) => PLAIN[name].sql),
  'words',
].join(', ');

const IS_LIST = [false, false, ...FACTS_FIELDS.map((name) => PLAIN[name].isList), true];

const ABSENT = Buffer.of(COLUMNS_FORM.absent ?? 0);
const FIELD = Buffer.of(COLUMNS_FORM.field);
const ITEM = Buffer.of(COLUMNS_FORM.item);

function joined(parts: readonly Buffer[], separator: Buffer): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}

/** A row of `PLAIN_COLUMNS` as a record in `COLUMNS_FORM`. */
export function plainRecord(row: Row): Buffer {
  const fields = row.map((value, index) => {
    if (IS_LIST[index] === true) {
      const items = asTexts(value);
      return items.length === 0
        ? ABSENT
        : joined(
            items.map((item) => Buffer.from(item)),
            ITEM,
          );
    }
    if (typeof value === 'string') return Buffer.from(value);
    return typeof value === 'bigint' ? Buffer.from(value.toString()) : ABSENT;
  });
  return joined(fields, FIELD);
}
