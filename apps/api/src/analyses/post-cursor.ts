import { AppError, type DisplayPost, type PostOrder, type RetweetedPost } from '@analytica/domain';

/** A row's place in the total order of its list (rule 16), whatever rows come to stand before it. */
export type SortKey = readonly [first: string | number, second: string, third: string];

/** Where a page ended: the row's index, and its key for when the rows have changed since (a partial result grew). */
export interface PostCursor {
  readonly order: PostOrder;
  readonly index: number;
  readonly key: SortKey;
}

export function newestKey(post: DisplayPost): SortKey {
  return [Date.parse(post.created_at), post.id, post.source];
}

export function retweetedKey(entry: RetweetedPost): SortKey {
  return [entry.capturedRetweets, entry.retweetOf, entry.source];
}

export function encodeCursor(cursor: PostCursor): string {
  return Buffer.from(JSON.stringify([cursor.order, cursor.index, ...cursor.key]), 'utf8').toString('base64url');
}

/** @throws AppError `BAD_USER_INPUT` for what this API did not make. */
export function decodeCursor(text: string, order: PostOrder): PostCursor {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw badCursor();
  }
  if (!Array.isArray(parts) || parts.length !== 5) throw badCursor();
  const [of, index, first, second, third] = parts as unknown[];
  if (of !== order || typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) throw badCursor();
  if (typeof first !== 'number' || typeof second !== 'string' || typeof third !== 'string') throw badCursor();
  return { order, index, key: [first, second, third] };
}

/** Index of the first row that stands after `key`; rows are in their list's order. */
export function indexAfter(keys: readonly SortKey[], order: PostOrder, key: SortKey): number {
  const found = keys.findIndex((candidate) => compare(candidate, key, order) > 0);
  return found === -1 ? keys.length : found;
}

/** Newest: time and id descending, then source. Most retweeted: count descending, then id and source ascending. Bytewise. */
function compare(a: SortKey, b: SortKey, order: PostOrder): number {
  if (a[0] !== b[0]) return a[0] > b[0] ? -1 : 1;
  const second = bytes(a[1], b[1]);
  if (second !== 0) return order === 'newest' ? -second : second;
  return bytes(a[2], b[2]);
}

function bytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

function badCursor(): AppError {
  return new AppError('BAD_USER_INPUT', 'This is not a cursor of this list: use endCursor of the page before.');
}
