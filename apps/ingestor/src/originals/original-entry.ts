import { crc32 } from 'node:zlib';
import type { DeleteRow, Post } from '@analytica/domain';
import { domainsOf } from '../normalise/links.js';

/** Only posts of this source are kept at hand for reposts. */
const SOURCE = 'bluesky';
/** UTF-16 code units of text, names and links (docs/counting.md, rule 5): what reposts can multiply has an end. */
export const MAX_ORIGINAL_SIZE = 10_000;

/**
 * Fields before the key: length of the entry, kind, length of the import's name, length of the key, sequence in the log. Then come
 * the key, the import's name, and what the kind has to say.
 */
const LENGTH_AT = 0;
const KIND_AT = 4;
const IMPORT_AT = 5;
const KEY_AT = 6;
const SEQUENCE_AT = 8;
export const HEADER_BYTES = 16;

/**
 * tooLong: a post that no repost can have the text of; nor that of an earlier version. erased: one that was at hand and may not be
 * any more. Both keep their place among the posts. author: an author whose posts were hidden.
 */
export const EntryKind = { erased: 0, post: 1, tooLong: 2, delete: 3, author: 4 } as const;

/** The columns of a repost's row that are its original's. */
export type OriginalFields = Pick<
  Post,
  | 'text'
  | 'text_clean'
  | 'lang'
  | 'hashtags'
  | 'mentions'
  | 'urls'
  | 'domains'
  | 'emojis'
  | 'terms'
  | 'tags'
  | 'words'
  | 'retweet_of_author_username'
  | 'retweet_of_created_at'
>;

/** What a repost has of an original that is not at hand. */
export const NO_ORIGINAL: OriginalFields = {
  text: '',
  text_clean: '',
  lang: 'und',
  hashtags: [],
  mentions: [],
  urls: [],
  domains: [],
  emojis: [],
  terms: ' ',
  tags: ' ',
  words: [],
  retweet_of_author_username: null,
  retweet_of_created_at: null,
};

/** Texts that repeat another are left out: a space separates words and terms and stands in none of them. */
type Payload = readonly [
  createdAt: number,
  lang: string,
  username: string | null,
  text: string,
  /** Null: as the text. */
  textClean: string | null,
  words: string,
  /** Null: as the words. */
  terms: string | null,
  tags: string,
  hashtags: readonly string[],
  mentions: readonly string[],
  urls: readonly string[],
  emojis: readonly string[],
];

/** Where an entry stands in `bytes`, from `start`. */
export interface EntryHeader {
  readonly start: number;
  readonly end: number;
  readonly kind: number;
  readonly sequence: number;
}

/** Whether a row is an original that reposts can name. */
export function isOriginal({ source, retweet_of }: Pick<Post, 'source' | 'retweet_of'>): boolean {
  return source === SOURCE && retweet_of === null;
}

function isTooLong(post: Post): boolean {
  let size = post.text.length + (post.author_username?.length ?? 0);
  for (const list of [post.hashtags, post.mentions, post.urls]) for (const value of list) size += value.length + 1;
  return size > MAX_ORIGINAL_SIZE;
}

/** The entry of a row, without its sequence. */
export function postEntry(post: Post, importName: string | null): Buffer {
  if (isTooLong(post)) return entry(EntryKind.tooLong, post.id, importName ?? '', '');
  const words = post.words.join(' ');
  const terms = post.terms.trim();
  const payload: Payload = [
    Date.parse(post.created_at),
    post.lang,
    post.author_username,
    post.text,
    post.text_clean === post.text ? null : post.text_clean,
    words,
    terms === words ? null : terms,
    post.tags.trim(),
    post.hashtags,
    post.mentions,
    post.urls,
    post.emojis,
  ];
  return entry(EntryKind.post, post.id, importName ?? '', JSON.stringify(payload));
}

/**
 * The entry of a row of a tombstone file that takes posts from those at hand, without its sequence; null for one that takes none.
 * An author that is hidden may be shown again: until the posts have come once more, reposts do without them.
 */
export function removalEntry(row: DeleteRow): Buffer | null {
  if (row.source !== SOURCE) return null;
  if ('before' in row) return row.before === null ? entry(EntryKind.delete, row.id, '', '') : null;
  const isOfAuthor = 'until' in row && row.hidden && row.reason !== 'withheld';
  return isOfAuthor ? entry(EntryKind.author, row.author_id, '', '') : null;
}

function entry(kind: number, key: string, importName: string, payload: string): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + key.length + importName.length + Buffer.byteLength(payload));
  bytes.writeUInt32LE(bytes.length, LENGTH_AT);
  bytes.writeUInt8(kind, KIND_AT);
  bytes.writeUInt8(importName.length, IMPORT_AT);
  bytes.writeUInt16LE(key.length, KEY_AT);
  bytes.write(key, HEADER_BYTES, 'latin1');
  bytes.write(importName, HEADER_BYTES + key.length, 'latin1');
  bytes.write(payload, HEADER_BYTES + key.length + importName.length, 'utf8');
  return bytes;
}

/** What an entry is: an `EntryKind`. */
export function kindOf(bytes: Buffer, start = 0): number {
  return bytes.readUInt8(start + KIND_AT);
}

/** Whether an entry took posts away, and is none itself. */
export function isRemoval(kind: number): boolean {
  return kind === EntryKind.delete || kind === EntryKind.author;
}

/** Whether the post of an entry is one of this author. */
export function isOfAuthor(bytes: Buffer, start: number, did: string): boolean {
  const prefix = Buffer.from(`at://${did}/`, 'latin1');
  const from = start + HEADER_BYTES;
  const end = from + Math.min(prefix.length, bytes.readUInt16LE(start + KEY_AT));
  return bytes.compare(prefix, 0, prefix.length, from, end) === 0;
}

/** A number that is the same for all posts of an author, and seldom for those of two. */
export function authorNumber(bytes: Buffer, start: number): number {
  const from = start + HEADER_BYTES;
  const slash = bytes.indexOf(0x2f, from + 'at://'.length);
  return crc32(bytes.subarray(from, slash));
}

/** As `authorNumber`, by the DID. */
export function numberOfAuthor(did: string): number {
  return crc32(`at://${did}`);
}

/** Reads a header; null where no whole entry begins at `start`. */
export function readHeader(bytes: Buffer, start: number, limit: number): EntryHeader | null {
  if (start + HEADER_BYTES > limit) return null;
  const length = bytes.readUInt32LE(start + LENGTH_AT);
  if (length < HEADER_BYTES || start + length > limit) return null;
  return {
    start,
    end: start + length,
    kind: bytes.readUInt8(start + KIND_AT),
    sequence: bytes.readDoubleLE(start + SEQUENCE_AT),
  };
}

/** The entries in `bytes`, from `start`. */
export function* entriesIn(bytes: Buffer, start: number, limit: number): Generator<EntryHeader> {
  for (let entry = readHeader(bytes, start, limit); entry !== null; entry = readHeader(bytes, entry.end, limit))
    yield entry;
}

/** States where in the log the row of an entry is. */
export function setSequence(bytes: Buffer, start: number, sequence: number): void {
  bytes.writeDoubleLE(sequence, start + SEQUENCE_AT);
}

/** The at-URI that an entry is about. */
export function keyOf(bytes: Buffer, start: number): string {
  const from = start + HEADER_BYTES;
  return bytes.toString('latin1', from, from + bytes.readUInt16LE(start + KEY_AT));
}

/** The import that an entry's row belongs to; null for a captured one. */
export function importOf(bytes: Buffer, start: number): string | null {
  const from = start + HEADER_BYTES + bytes.readUInt16LE(start + KEY_AT);
  const length = bytes.readUInt8(start + IMPORT_AT);
  return length === 0 ? null : bytes.toString('latin1', from, from + length);
}

/** Overwrites all that an entry says but its place. */
export function erase(bytes: Buffer, start: number, end: number): void {
  bytes.writeUInt8(EntryKind.erased, start + KIND_AT);
  bytes.writeUInt8(0, start + IMPORT_AT);
  bytes.writeUInt16LE(0, start + KEY_AT);
  bytes.fill(0, start + HEADER_BYTES, end);
}

/** What a repost takes of the post in an entry. */
export function fieldsOf(bytes: Buffer, start: number, end: number): OriginalFields {
  const from = start + HEADER_BYTES + bytes.readUInt16LE(start + KEY_AT) + bytes.readUInt8(start + IMPORT_AT);
  const [createdAt, lang, username, text, clean, words, terms, tags, hashtags, mentions, urls, emojis] = JSON.parse(
    bytes.toString('utf8', from, end),
  ) as Payload;
  return {
    text,
    text_clean: clean ?? text,
    lang,
    hashtags,
    mentions,
    urls,
    domains: domainsOf(urls, SOURCE),
    emojis,
    terms: joined(terms ?? words),
    tags: joined(tags),
    words: words === '' ? [] : words.split(' '),
    retweet_of_author_username: username,
    retweet_of_created_at: new Date(createdAt).toISOString(),
  };
}

function joined(tokens: string): string {
  return tokens === '' ? ' ' : ` ${tokens} `;
}
