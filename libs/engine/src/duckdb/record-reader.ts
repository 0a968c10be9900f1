import { REPLY_LETTER, TOKEN_SEPARATOR, WORDS_ARE_IN_TERMS } from '@analytica/lake';
import type { ListColumn, NumberColumn } from '../aggregate/columns.js';
import type { Dictionary } from '../aggregate/dictionary.js';
import { type MatchedPosts, QUOTE, REPLY } from '../aggregate/matched-posts.js';
import { Texts } from '../aggregate/texts.js';
import {
  AT,
  CREATED,
  FACTS_FORM,
  FILE_ROW,
  LAST,
  RecordBlock,
  RETWEETED_AUTHOR,
  type RecordForm,
} from './record-block.js';

const ZERO = 0x30;
const SPACE = TOKEN_SEPARATOR.charCodeAt(0);
const LETTER_OF_REPLIES = REPLY_LETTER.charCodeAt(0);
const STAR = WORDS_ARE_IN_TERMS.charCodeAt(0);

/**
 * Brings records into a matched set, a block of them at a time and of a block one column after another: the texts of a column
 * are looked up together. A record is a row of the lake: its place in its file, `created_at` in milliseconds, the fields of
 * `facts`, and its words where they are not in `facts`: those of `terms` where `facts` says so.
 */
export class RecordReader {
  readonly #posts: MatchedPosts;
  readonly #retweetWords: boolean;
  readonly #block = new RecordBlock();
  readonly #sources = new Texts();
  readonly #texts = new Texts();
  readonly #labels = new Texts();
  /** How many items the lists of the block have up to the end of each record. */
  readonly #itemsUntil: number[] = [];

  /** @param retweetWords - the words come in the last field, whatever `facts` says. */
  constructor(posts: MatchedPosts, retweetWords: boolean) {
    this.#posts = posts;
    this.#retweetWords = retweetWords;
  }

  /** Reads records that follow one another, each after its length in decimal digits and a field separator. */
  readAll(bytes: Uint8Array, file: number): void {
    const block = this.#block;
    block.begin(bytes, FACTS_FORM);
    for (let at = 0; at < bytes.length;) {
      let length = 0;
      for (; bytes[at] !== FACTS_FORM.field; at++) length = length * 10 + (bytes[at] ?? 0) - ZERO;
      at++;
      block.add(at, at + length);
      at += length;
      if (!block.isFull) continue;
      this.#take(file);
      block.begin(bytes, FACTS_FORM);
    }
    this.#take(file);
  }

  /** Reads a record. */
  read(record: Uint8Array, file: number, form: RecordForm): void {
    this.#block.begin(record, form);
    this.#block.add(0, record.length);
    this.#take(file);
  }

  #take(file: number): void {
    const [posts, block, texts] = [this.#posts, this.#block, this.#texts];
    const { bytes, count } = block;
    const sources = this.#sources;
    block.texts(AT.source, sources);
    posts.sources.internAll(bytes, sources);
    posts.source.append(sources.ordinals, count);
    block.texts(AT.id, texts);
    posts.ids.internAll(bytes, texts, sources.ordinals);
    posts.appendIds(texts.ordinals, count);
    this.#optional(posts.version, posts.versions, AT.version);
    this.#optional(posts.retweetOf, posts.retweeted, AT.retweet_of, sources.ordinals);
    this.#numbers(posts.retweetOfCreated, AT.retweet_of_created);
    this.#numbers(posts.reported, AT.retweet_count);
    for (let record = 0; record < count; record++) {
      const created = block.number(record, CREATED);
      const delay = block.number(record, AT.delay);
      posts.file.push(file);
      posts.fileRow.push(block.number(record, FILE_ROW));
      posts.created.push(created);
      posts.ingested.push(Number.isNaN(delay) ? created : created + delay);
    }
    if (posts.shape.figures || posts.shape.hiding) {
      block.texts(AT.author_id, texts);
      posts.authors.internAll(block.bytes, texts, sources.ordinals);
      posts.author.append(texts.ordinals, count);
    }
    if (posts.shape.hiding) {
      this.#optional(posts.retweetOfAuthor, posts.retweetedAuthors, RETWEETED_AUTHOR, sources.ordinals);
    }
    if (posts.shape.figures) this.#takeFigures();
  }

  #takeFigures(): void {
    const [posts, block] = [this.#posts, this.#block];
    this.#optional(posts.username, posts.usernames, AT.author_username);
    for (let record = 0; record < block.count; record++) posts.kind.push(this.#kind(record));
    this.#takeTags();
    this.#list(posts.mentions, posts.mentionTexts, AT.mentions, block.form.token);
    this.#list(posts.domains, posts.domainTexts, AT.domains, block.form.item);
    this.#takeWords();
  }

  #optional(
    column: { append(values: Int32Array, count: number): void },
    keys: Dictionary,
    field: number,
    prefixes?: Int32Array,
  ): void {
    this.#block.textsOrNothing(field, this.#texts);
    keys.internAll(this.#block.bytes, this.#texts, prefixes);
    column.append(this.#texts.ordinals, this.#block.count);
  }

  #numbers(column: NumberColumn, field: number): void {
    for (let record = 0; record < this.#block.count; record++) column.push(this.#block.number(record, field));
  }

  #kind(record: number): number {
    const block = this.#block;
    let kind = 0;
    if (block.isAbsent(record, AT.kind)) return kind;
    for (let at = block.start(record, AT.kind); at < block.end(record, AT.kind); at++) {
      kind |= block.bytes[at] === LETTER_OF_REPLIES ? REPLY : QUOTE;
    }
    return kind;
  }

  #list(column: ListColumn, keys: Dictionary, field: number, separator: number): void {
    const [block, texts] = [this.#block, this.#texts];
    texts.clear();
    for (let record = 0; record < block.count; record++) {
      block.items(record, field, separator, texts);
      column.ends.push(column.items.length + texts.length);
    }
    keys.internAll(block.bytes, texts);
    column.items.append(texts.ordinals, texts.length);
  }

  /** The spelling of a tag is the tag where `hashtags` is absent. */
  #takeTags(): void {
    const [posts, block, labels] = [this.#posts, this.#block, this.#labels];
    const firstItem = posts.tags.items.length;
    const firstRow = posts.tags.ends.length;
    this.#list(posts.tags, posts.tagTexts, AT.tags, block.form.token);
    labels.clear();
    const until = this.#itemsUntil;
    for (let record = 0; record < block.count; record++) {
      block.items(record, AT.hashtags, block.form.item, labels);
      until[record] = labels.length;
    }
    posts.tagTexts.internAll(block.bytes, labels);
    let [tag, label] = [firstItem, 0];
    for (let record = 0; record < block.count; record++) {
      const end = posts.tags.ends.at(firstRow + record);
      const isOwn = label === until[record];
      for (; tag < end; tag++) posts.tagLabels.push(isOwn ? posts.tags.items.at(tag) : (labels.ordinals[label++] ?? 0));
    }
  }

  #takeWords(): void {
    const [block, texts, words, column] = [this.#block, this.#texts, this.#posts.wordTexts, this.#posts.words];
    const { bytes, count, form } = block;
    const languages = this.#labels;
    block.texts(AT.lang, languages);
    words.languages.internAll(bytes, languages);
    texts.clear();
    const until = this.#itemsUntil;
    for (let record = 0; record < count; record++) {
      if (this.#inTerms(record)) this.#termsOf(record);
      else block.items(record, this.#retweetWords ? LAST : AT.words, form.token, texts);
      until[record] = texts.length;
    }
    words.dictionary.internAll(bytes, texts);
    const { ordinals, starts, ends } = texts;
    let at = 0;
    for (let record = 0; record < count; record++) {
      const stopped = words.stopped(languages.ordinals[record] ?? 0);
      const inTerms = this.#inTerms(record);
      for (const end = until[record] ?? 0; at < end; at++) {
        const word = ordinals[at] ?? 0;
        if (word < stopped.length && stopped[word] === 1) continue;
        const start = starts[at] ?? 0;
        if (!inTerms || words.isWord(word, bytes[start] ?? 0, (ends[at] ?? 0) - start)) column.push(word);
      }
      column.close();
    }
  }

  #inTerms(record: number): boolean {
    if (this.#retweetWords) return false;
    const { bytes } = this.#block;
    const start = this.#block.start(record, AT.words);
    return bytes[start] === STAR && this.#block.end(record, AT.words) - start === 1;
  }

  /** The tokens of `terms`, which has a space at each end. */
  #termsOf(record: number): void {
    const { bytes } = this.#block;
    const end = this.#block.end(record, LAST);
    for (let start = this.#block.start(record, LAST); start <= end;) {
      let stop = start;
      while (stop < end && bytes[stop] !== SPACE) stop++;
      if (stop > start) this.#texts.add(start, stop);
      start = stop + 1;
    }
  }
}
