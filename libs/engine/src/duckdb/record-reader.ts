import { FACTS_FIELDS, type FactsField, WORDS_ARE_IN_TERMS } from '@analytica/lake';
import type { IntColumn, ListColumn } from '../aggregate/columns.js';
import { type Dictionary, HASH_SEED, hashStep } from '../aggregate/dictionary.js';
import { type MatchedPosts, NOTHING, QUOTE, REPLY } from '../aggregate/matched-posts.js';

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
export const FACTS_FORM: RecordForm = { field: 0x1f, item: 0x1e, token: 0x20, absent: null };
/** Records made here, of bytes that are in no UTF-8 text. */
export const COLUMNS_FORM: RecordForm = { field: 0xff, item: 0xfe, token: 0xfe, absent: 0xfd };

const BEFORE_FACTS = 2;
const LAST = BEFORE_FACTS + FACTS_FIELDS.length;
const ZERO = 0x30;
const MINUS = 0x2d;
const SPACE = 0x20;
const STAR = WORDS_ARE_IN_TERMS.charCodeAt(0);

function place(name: FactsField): number {
  return BEFORE_FACTS + FACTS_FIELDS.indexOf(name);
}

const AT = Object.fromEntries(FACTS_FIELDS.map((name) => [name, place(name)])) as Readonly<Record<FactsField, number>>;

/**
 * Takes records apart into a matched set. A record is a row of the lake: its place in its file, `created_at` in milliseconds,
 * the fields of `facts`, and its words where they are not in `facts`: those of `terms` where `facts` says so.
 */
export class RecordReader {
  readonly #posts: MatchedPosts;
  readonly #retweetWords: boolean;
  /** Where each field of the record begins and ends, and the hash of all but the last. */
  readonly #starts = new Int32Array(LAST + 1);
  readonly #ends = new Int32Array(LAST + 1);
  readonly #hashes = new Int32Array(LAST + 1);
  #bytes: Uint8Array = new Uint8Array(0);
  #form: RecordForm = FACTS_FORM;

  /** @param retweetWords - the words come in the last field, whatever `facts` says. */
  constructor(posts: MatchedPosts, retweetWords: boolean) {
    this.#posts = posts;
    this.#retweetWords = retweetWords;
  }

  /** Reads records that follow one another, each after its length in decimal digits and a field separator. */
  readAll(bytes: Uint8Array, file: number): void {
    for (let at = 0; at < bytes.length;) {
      let length = 0;
      for (; bytes[at] !== FACTS_FORM.field; at++) length = length * 10 + (bytes[at] ?? 0) - ZERO;
      at++;
      this.read(bytes, at, at + length, file, FACTS_FORM);
      at += length;
    }
  }

  read(bytes: Uint8Array, start: number, end: number, file: number, form: RecordForm): void {
    this.#bytes = bytes;
    this.#form = form;
    this.#split(start, end);
    const posts = this.#posts;
    const created = this.#number(1);
    const delay = this.#number(AT.delay);
    posts.file.push(file);
    posts.fileRow.push(this.#number(0));
    posts.created.push(created);
    posts.ingested.push(Number.isNaN(delay) ? created : created + delay);
    const source = this.#intern(posts.sources, AT.source);
    posts.source.push(source);
    posts.pushId(this.#intern(posts.ids, AT.id, source));
    posts.version.push(this.#internOrNothing(posts.versions, AT.version));
    posts.retweetOf.push(this.#internOrNothing(posts.retweeted, AT.retweet_of, source));
    posts.retweetOfCreated.push(this.#number(AT.retweet_of_created));
    posts.reported.push(this.#number(AT.retweet_count));
    if (posts.shape.figures) this.#readFigures(source);
  }

  #readFigures(source: number): void {
    const posts = this.#posts;
    posts.author.push(this.#intern(posts.authors, AT.author_id, source));
    posts.username.push(this.#internOrNothing(posts.usernames, AT.author_username));
    posts.kind.push(this.#kind());
    const { item, token } = this.#form;
    const firstTag = posts.tags.items.length;
    this.#readList(AT.tags, token, posts.tagTexts, posts.tags.items);
    posts.tags.close();
    if (this.#isAbsent(AT.hashtags)) {
      for (let at = firstTag; at < posts.tags.items.length; at++) posts.tagLabels.push(posts.tags.items.at(at));
    } else {
      this.#readList(AT.hashtags, item, posts.tagTexts, posts.tagLabels);
    }
    this.#readList(AT.mentions, token, posts.mentionTexts, posts.mentions.items);
    posts.mentions.close();
    this.#readList(AT.domains, item, posts.domainTexts, posts.domains.items);
    posts.domains.close();
    this.#readWords(posts.words);
  }

  #readWords(column: ListColumn): void {
    const words = this.#posts.wordTexts;
    const stopped = words.stopped(this.#bytes, this.#start(AT.lang), this.#end(AT.lang));
    const inTerms =
      !this.#retweetWords &&
      this.#bytes[this.#start(AT.words)] === STAR &&
      this.#end(AT.words) - this.#start(AT.words) === 1;
    const field = this.#retweetWords || inTerms ? LAST : AT.words;
    if (!this.#isAbsent(field)) {
      const bytes = this.#bytes;
      const end = this.#end(field);
      // `terms` has a space at each end.
      const separator = inTerms ? SPACE : this.#form.token;
      for (let start = this.#start(field); start <= end;) {
        let stop = start;
        let hash = HASH_SEED;
        for (; stop < end && bytes[stop] !== separator; stop++) hash = hashStep(hash, bytes[stop] ?? 0);
        if (stop > start || !inTerms) {
          const word = words.dictionary.internHashed(bytes, start, stop, hash, 0);
          if (stopped[word] !== 1 && (!inTerms || words.isWord(word, bytes[start] ?? 0, stop - start)))
            column.push(word);
        }
        start = stop + 1;
      }
    }
    column.close();
  }

  #split(start: number, end: number): void {
    const bytes = this.#bytes;
    const separator = this.#form.field;
    let field = 0;
    let hash = HASH_SEED;
    this.#starts[0] = start;
    for (let at = start; field < LAST; at++) {
      if (at >= end) throw new Error('A record of the lake has too few fields.');
      const byte = bytes[at] ?? 0;
      if (byte !== separator) {
        hash = hashStep(hash, byte);
        continue;
      }
      this.#hashes[field] = hash;
      this.#ends[field++] = at;
      this.#starts[field] = at + 1;
      hash = HASH_SEED;
    }
    this.#ends[LAST] = end;
  }

  #start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  #end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  #isAbsent(field: number): boolean {
    const length = this.#end(field) - this.#start(field);
    return this.#form.absent === null
      ? length === 0
      : length === 1 && this.#bytes[this.#start(field)] === this.#form.absent;
  }

  /** NaN where there is none. */
  #number(field: number): number {
    if (this.#isAbsent(field)) return Number.NaN;
    const bytes = this.#bytes;
    const end = this.#end(field);
    let at = this.#start(field);
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let value = 0;
    for (; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - ZERO;
    return negative ? -value : value;
  }

  #kind(): number {
    let kind = 0;
    if (this.#isAbsent(AT.kind)) return kind;
    for (let at = this.#start(AT.kind); at < this.#end(AT.kind); at++) {
      kind |= this.#bytes[at] === 0x72 ? REPLY : QUOTE;
    }
    return kind;
  }

  #intern(dictionary: Dictionary, field: number, prefix = 0): number {
    return dictionary.internHashed(this.#bytes, this.#start(field), this.#end(field), this.#hashes[field] ?? 0, prefix);
  }

  #internOrNothing(dictionary: Dictionary, field: number, prefix = 0): number {
    return this.#isAbsent(field) ? NOTHING : this.#intern(dictionary, field, prefix);
  }

  #readList(field: number, separator: number, dictionary: Dictionary, items: IntColumn): void {
    if (this.#isAbsent(field)) return;
    const bytes = this.#bytes;
    const end = this.#end(field);
    for (let start = this.#start(field); start <= end;) {
      let stop = start;
      let hash = HASH_SEED;
      for (; stop < end && bytes[stop] !== separator; stop++) hash = hashStep(hash, bytes[stop] ?? 0);
      items.push(dictionary.internHashed(bytes, start, stop, hash, 0));
      start = stop + 1;
    }
  }
}
