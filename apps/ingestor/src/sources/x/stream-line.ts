import { isObject, listOf, objectOf, xId } from '../../normalise/fields.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

const DATA = Buffer.from('"data"');
const ID = Buffer.from('"id"');
const ERRORS = Buffer.from('"errors"');

/** What a connection has to know of a line before it is normalised. */
export interface StreamLine {
  /** Ids of the posts in it. */
  readonly ids: readonly string[];
  /** What X said where the line ends the connection; null for any other line. */
  readonly disconnect: string | null;
}

const NOTHING: StreamLine = { ids: [], disconnect: null };

/**
 * Looks a line over. The id of a post is found in its bytes: a post is parsed once, later and on another thread.
 * Never throws.
 */
export function readStreamLine(line: Buffer): StreamLine {
  // In JSON, a text that says "data" holds \"data\".
  if (line.includes(DATA) && !line.includes(ERRORS)) {
    const id = idOfData(line);
    if (id !== null) return { ids: [id], disconnect: null };
  }
  return readParsed(line);
}

function readParsed(line: Buffer): StreamLine {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return NOTHING;
  }
  if (!isObject(value)) return NOTHING;
  const { data } = value;
  const ids = (isObject(data) ? [data] : listOf(data)).flatMap((post) => {
    const id = xId(objectOf(post)?.['id']);
    return id === null ? [] : [id];
  });
  if (data !== undefined && data !== null) return { ids, disconnect: null };
  // Errors beside a post are about what it includes; alone, they end the connection.
  const problem = objectOf(listOf(value['errors'])[0]) ?? value;
  const said = [problem['detail'], problem['message'], problem['title']].find((each) => typeof each === 'string');
  const endsIt = Array.isArray(value['errors']) || typeof value['connection_issue'] === 'string';
  return endsIt ? { ids, disconnect: typeof said === 'string' ? said : 'without a reason' } : NOTHING;
}

/** The string `data.id` of an object, found without parsing the rest; null where that is not as X writes it. */
function idOfData(line: Buffer): string | null {
  const data = valueOf(line, line.indexOf(OPEN_BRACE), DATA);
  if (data < 0 || line[data] !== OPEN_BRACE) return null;
  const id = valueOf(line, data, ID);
  if (id < 0 || line[id] !== QUOTE) return null;
  const end = endOfString(line, id);
  const text = end < 0 ? '' : line.toString('latin1', id + 1, end);
  return /^[0-9]{1,20}$/.test(text) ? text : null;
}

/** Where the value of a key of the object that begins at `start` begins; -1 where it has no such key, or is no JSON. */
function valueOf(line: Buffer, start: number, key: Buffer): number {
  let at = afterSpace(line, start + 1);
  while (at < line.length && line[at] === QUOTE) {
    const end = endOfString(line, at);
    if (end < 0) return -1;
    const isKey = end + 1 - at === key.length && line.compare(key, 0, key.length, at, end + 1) === 0;
    const colon = afterSpace(line, end + 1);
    if (line[colon] !== COLON) return -1;
    const value = afterSpace(line, colon + 1);
    if (isKey) return value;
    at = afterSpace(line, endOfValue(line, value));
    if (line[at] !== COMMA) return -1;
    at = afterSpace(line, at + 1);
  }
  return -1;
}

/** The place after a value. */
function endOfValue(line: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < line.length) {
    switch (line[at]) {
      case QUOTE: {
        const end = endOfString(line, at);
        if (end < 0) return line.length;
        at = end;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 0) return at;
        depth -= 1;
        break;
      case COMMA:
        if (depth === 0) return at;
        break;
      default:
    }
    at += 1;
  }
  return at;
}

/** The closing quote of the string that opens at `start`; -1 where there is none. */
function endOfString(line: Buffer, start: number): number {
  let at = line.indexOf(QUOTE, start + 1);
  while (at >= 0) {
    let escapes = 0;
    while (line[at - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return at;
    at = line.indexOf(QUOTE, at + 1);
  }
  return -1;
}

function afterSpace(line: Buffer, start: number): number {
  let at = start;
  while (line[at] === 0x20 || line[at] === 0x09 || line[at] === 0x0a || line[at] === 0x0d) at += 1;
  return at;
}
