import {
  FACTS_COLUMN,
  FACTS_FIELDS,
  factsExpression,
  FIELD_COLUMNS,
  FIELD_SEPARATOR,
  TOKEN_SEPARATOR,
  WORDS_ARE_IN_TERMS,
} from '@analytica/lake';
import { COLUMNS_FORM } from './record-block.js';
import type { Row } from './connection.js';
import { asTexts } from './values.js';

/** What a scan has to give besides identity and order. */
export interface RecordShape {
  readonly figures: boolean;
  readonly includeRetweetWords: boolean;
  /** Whether authors may be hidden. */
  readonly hiding: boolean;
}

const SEPARATOR = `chr(${String(FIELD_SEPARATOR.charCodeAt(0))})`;

/** The words beside `facts`: all of them where it leaves out those that are asked for, those of `terms` where it says so. */
function wordsBeside(facts: string, shape: RecordShape): string {
  if (!shape.figures) return `''`;
  if (shape.includeRetweetWords) return `coalesce(array_to_string(words, '${TOKEN_SEPARATOR}'), '')`;
  return `CASE WHEN suffix(${facts}, '${WORDS_ARE_IN_TERMS}') THEN terms ELSE '' END`;
}

/** The `facts` of a row: its column, or what a file without that column would have in it. */
export function factsOf(written: boolean): string {
  return written ? FACTS_COLUMN.name : factsExpression();
}

/** What a record is made of, besides `facts` and its place. */
export const RECORD_COLUMNS = 'created_at, retweet_of_author_id, terms, words';

/** Records of rows with their `facts`, each with its length before it, as SQL over `rows`; null where a row has no facts. */
export function recordsOf(rows: string, shape: RecordShape): string {
  const length = `strlen(place) + strlen(created) + strlen(original) + strlen(facts) + strlen(beside) + 4`;
  const parts = [length, 'place', 'created', 'original', 'facts', 'beside'].join(`, ${SEPARATOR}, `);
  const original = shape.hiding ? `replace(coalesce(retweet_of_author_id, ''), ${SEPARATOR}, '')` : `''`;
  return `SELECT file_index, CASE WHEN facts IS NOT NULL THEN concat(${parts}) END AS record FROM (
    SELECT file_index, CAST(file_row_number AS VARCHAR) AS place, CAST(epoch_ms(created_at) AS VARCHAR) AS created,
      ${original} AS original, facts,
      ${wordsBeside('facts', shape)} AS beside FROM (${rows}))`;
}

/** A row's place and its columns, for rows whose texts hold the separators of `facts`. */
export const PLAIN_COLUMNS = [
  'file_row_number',
  'epoch_ms(created_at)',
  'retweet_of_author_id',
  ...FACTS_FIELDS.map((name) => FIELD_COLUMNS[name].sql),
  'words',
].join(', ');

const IS_LIST = [false, false, false, ...FACTS_FIELDS.map((name) => FIELD_COLUMNS[name].isList), true];

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
