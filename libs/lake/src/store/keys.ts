/** What a file is called until it is whole, and what locks are called: no key ends so. */
export const TEMPORARY_SUFFIX = '.tmp';
export const LOCK_SUFFIX = '.lock';
export const TAKEOVER_SUFFIX = '.takeover';

const RESERVED = [TEMPORARY_SUFFIX, LOCK_SUFFIX, TAKEOVER_SUFFIX];
const MOST_BYTES = 1024;
const SEPARATOR = '/';

/**
 * Whether a text may be the key of an object: segments of letters that every storage takes, joined by `/`, without `.` and
 * `..`, without an empty segment, at most 1,024 bytes of UTF-8.
 */
export function isKey(key: string): boolean {
  return (
    Buffer.byteLength(key) <= MOST_BYTES &&
    key.isWellFormed() &&
    key.split(SEPARATOR).every(isSegment) &&
    !RESERVED.some((suffix) => key.endsWith(suffix))
  );
}

function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !/[\p{Cc}\\:]/u.test(segment);
}

/** @throws TypeError for a key that is none: keys come from the program, never from a person. */
export function requireKey(key: string): string {
  if (!isKey(key)) throw new TypeError(`${JSON.stringify(key)} is not a key of a store.`);
  return key;
}

/** @throws TypeError for a prefix that no key can have. A prefix is the empty text, or ends anywhere within a key. */
export function requirePrefix(prefix: string): string {
  // With a letter after it, a prefix that ends with `/`, with `.` or within a reserved suffix is that of a key.
  if (prefix !== '' && !isKey(`${prefix}x`)) throw new TypeError(`${JSON.stringify(prefix)} is not a prefix of keys.`);
  return prefix;
}
