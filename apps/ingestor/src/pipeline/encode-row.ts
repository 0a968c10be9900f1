import type { DeleteRow, Post } from '@analytica/domain';
import { MAX_LINE_BYTES } from '@analytica/lake';
import { NO_ORIGINAL, type OriginalFields } from '../originals/original-entry.js';

const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** JSON.stringify writes half of a surrogate pair as an escape, which Parquet's UTF-8 cannot hold. */
const LONE_SURROGATE = '\\ud';
/** How the line of a repost ends while its original is not known. */
const WITHOUT_ORIGINAL = JSON.stringify(NO_ORIGINAL).slice(1);
/** Length of that, with the newline. */
export const WITHOUT_ORIGINAL_BYTES = WITHOUT_ORIGINAL.length + 1;

const isCount = (value: number | null): boolean => value === null || Number.isSafeInteger(value);
const isTime = (value: string | null): boolean => value === null || TIME.test(value);

/** Why a post cannot be a row of the lake, or null. One such row would hold up the whole segment it is in. */
export function rowProblem(post: Post): string | null {
  if (!TIME.test(post.created_at) || !isTime(post.retweet_of_created_at)) return 'a time is out of range';
  const counts = [
    post.author_followers,
    post.retweet_count,
    post.reply_count,
    post.like_count,
    post.quote_count,
    post.normalizer,
    post.schema_version,
  ];
  return counts.every(isCount) ? null : 'a count is not a whole number';
}

/**
 * The line of a post in the log, without newline.
 * @param importName - the import that the post belongs to; the line of a captured post says nothing of imports.
 */
export function postLine(post: Post, importName: string | null = null): string {
  return line(importName === null ? '"kind":"post"' : `"kind":"post","import":"${importName}"`, post);
}

/** The line of a repost without its original, without newline: its last `WITHOUT_ORIGINAL_BYTES` can be replaced by `originalEnding`. */
export function repostLine(post: Post, importName: string | null = null): string {
  const own = Object.fromEntries(
    Object.entries(post).filter(([column]) => !(column in NO_ORIGINAL)),
  ) as unknown as Post;
  return `${postLine(own, importName).slice(0, -1)},${WITHOUT_ORIGINAL}`;
}

/** What stands at the end of a repost's line, its newline included, for an original. */
export function originalEnding(original: OriginalFields): Buffer {
  return Buffer.from(`${wellFormedJson(original).slice(1)}\n`);
}

/** The line of a delete event in the log, without newline. What a row lacks is absent, and null in the lake. */
export function tombstoneLine(tombstone: DeleteRow): string {
  return line('"kind":"tombstone"', tombstone);
}

/** Whether a line is too long for the reader of segments. At worst, a UTF-16 code unit takes three bytes. */
export function isTooLong(text: string): boolean {
  return text.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(text) >= MAX_LINE_BYTES;
}

function line(fields: string, row: Post | DeleteRow): string {
  return `{${fields},${wellFormedJson(row).slice(1)}`;
}

function wellFormedJson(row: object): string {
  const json = JSON.stringify(row);
  if (!json.includes(LONE_SURROGATE)) return json;
  return JSON.stringify(row, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}
