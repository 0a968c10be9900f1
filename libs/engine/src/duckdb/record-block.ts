import { FACTS_FIELDS, type FactsField, FIELD_SEPARATOR, ITEM_SEPARATOR, TOKEN_SEPARATOR } from '@analytica/lake';
import type { Texts } from '../aggregate/texts.js';

/** The bytes between the parts of a record. */
export interface RecordForm {
  readonly field: number;
  /** Between the items of a list whose items can hold anything. */
  readonly item: number;
  /** Between the items of the other lists. */
  readonly token: number;
  /** A field of this byte alone is null; `null`: an empty field is. */
  readonly absent: number | null;
}

/** Records that are `facts` with three fields before it and one after. */
export const FACTS_FORM: RecordForm = {
  field: FIELD_SEPARATOR.charCodeAt(0),
  item: ITEM_SEPARATOR.charCodeAt(0),
  token: TOKEN_SEPARATOR.charCodeAt(0),
  absent: null,
};
/** Records made here, of bytes that are in no UTF-8 text. */
export const COLUMNS_FORM: RecordForm = { field: 0xff, item: 0xfe, token: 0xfe, absent: 0xfd };

const BEFORE_FACTS = 3;
/**
 * The places of a record's fields: its place in its file, `created_at` in milliseconds, the author of a retweet's original where
 * authors may be hidden, the fields of `facts`, and one more.
 */
export const FILE_ROW = 0;
export const CREATED = 1;
export const RETWEETED_AUTHOR = 2;
export const LAST = BEFORE_FACTS + FACTS_FIELDS.length;
export const AT = Object.fromEntries(FACTS_FIELDS.map((name, index) => [name, BEFORE_FACTS + index])) as Readonly<
  Record<FactsField, number>
>;

const FIELDS = LAST + 1;
const RECORDS = 128;
const ZERO = 0x30;
const MINUS = 0x2d;

/** Some records of one file, taken apart into fields: where each begins and ends in their bytes. */
export class RecordBlock {
  bytes: Uint8Array = new Uint8Array(0);
  form: RecordForm = FACTS_FORM;
  count = 0;
  readonly #starts = new Int32Array(RECORDS * FIELDS);
  readonly #ends = new Int32Array(RECORDS * FIELDS);

  get isFull(): boolean {
    return this.count === RECORDS;
  }

  begin(bytes: Uint8Array, form: RecordForm): void {
    this.bytes = bytes;
    this.form = form;
    this.count = 0;
  }

  /** Adds the record that is `[start, end)` of the bytes. */
  add(start: number, end: number): void {
    const bytes = this.bytes;
    const separator = this.form.field;
    let field = this.count * FIELDS;
    const last = field + LAST;
    this.#starts[field] = start;
    for (let at = start; field < last; at++) {
      if (at >= end) throw new Error('A record of the lake has too few fields.');
      if (bytes[at] !== separator) continue;
      this.#ends[field++] = at;
      this.#starts[field] = at + 1;
    }
    this.#ends[last] = end;
    this.count++;
  }

  start(record: number, field: number): number {
    return this.#starts[record * FIELDS + field] ?? 0;
  }

  end(record: number, field: number): number {
    return this.#ends[record * FIELDS + field] ?? 0;
  }

  isAbsent(record: number, field: number): boolean {
    const start = this.start(record, field);
    const length = this.end(record, field) - start;
    return this.form.absent === null ? length === 0 : length === 1 && this.bytes[start] === this.form.absent;
  }

  /** NaN where there is none. */
  number(record: number, field: number): number {
    if (this.isAbsent(record, field)) return Number.NaN;
    const bytes = this.bytes;
    const end = this.end(record, field);
    let at = this.start(record, field);
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let value = 0;
    for (; at < end; at++) value = value * 10 + ((bytes[at] ?? 0) - ZERO);
    return negative ? -value : value;
  }

  /** A field of each record, as a text even where it is empty. */
  texts(field: number, into: Texts): void {
    into.clear();
    for (let record = 0; record < this.count; record++) into.add(this.start(record, field), this.end(record, field));
  }

  /** A field of each record, or nothing. */
  textsOrNothing(field: number, into: Texts): void {
    into.clear();
    for (let record = 0; record < this.count; record++) {
      if (this.isAbsent(record, field)) into.addNothing();
      else into.add(this.start(record, field), this.end(record, field));
    }
  }

  /** Adds the items of a list. */
  items(record: number, field: number, separator: number, into: Texts): void {
    if (this.isAbsent(record, field)) return;
    const bytes = this.bytes;
    const end = this.end(record, field);
    for (let start = this.start(record, field); start <= end;) {
      let stop = start;
      while (stop < end && bytes[stop] !== separator) stop++;
      into.add(start, stop);
      start = stop + 1;
    }
  }
}
