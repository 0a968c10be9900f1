import type { Span } from './ast.js';

export interface Lexeme extends Span {
  readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'term';
  /** Of a term: what it says, without quotes and sign. Else the sign or word itself. */
  readonly text: string;
  readonly sign: '' | '#' | '@';
  readonly quoted: boolean;
  /** False for a quote that is never closed. */
  readonly closed: boolean;
}

// Keyboards and word processors put in typographic quotes and full-width signs by themselves.
const QUOTES = '"“”„‟«»＂';
const OPENING = '(（';
const CLOSING = ')）';
const SPACE = /\s/;
const WORD = new RegExp(String.raw`[^\s${QUOTES}${OPENING}${CLOSING}]+`, 'y');
const OPERATORS: ReadonlyMap<string, 'and' | 'or' | 'not'> = new Map([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
]);

/** Cuts a query into its parts. Takes any text: what is wrong with it is the parser's to say. */
export function lex(query: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < query.length) {
    const character = query.charAt(at);
    if (SPACE.test(character)) {
      at += 1;
      continue;
    }
    const lexeme = lexemeAt(query, at, character);
    lexemes.push(lexeme);
    at += lexeme.length;
  }
  return lexemes;
}

function lexemeAt(query: string, at: number, character: string): Lexeme {
  const plain = { position: at, length: 1, text: character, sign: '', quoted: false, closed: true } as const;
  if (OPENING.includes(character)) return { ...plain, kind: 'open' };
  if (CLOSING.includes(character)) return { ...plain, kind: 'close' };
  if (QUOTES.includes(character)) return quoted(query, at, '');
  const sign = signOf(character);
  const next = query.charAt(at + 1);
  if (sign !== '' && next !== '' && QUOTES.includes(next)) return quoted(query, at, sign);
  WORD.lastIndex = at;
  const word = WORD.exec(query)?.[0] ?? character;
  const kind = OPERATORS.get(word) ?? 'term';
  return { ...plain, kind, length: word.length, text: word.slice(sign.length), sign };
}

function quoted(query: string, at: number, sign: Lexeme['sign']): Lexeme {
  const start = at + sign.length + 1;
  let end = start;
  while (end < query.length && !QUOTES.includes(query.charAt(end))) end += 1;
  const closed = end < query.length;
  const length = (closed ? end + 1 : end) - at;
  return { kind: 'term', position: at, length, text: query.slice(start, end), sign, quoted: true, closed };
}

function signOf(character: string): Lexeme['sign'] {
  if (character === '#' || character === '＃') return '#';
  return character === '@' || character === '＠' ? '@' : '';
}

/** Whether a tag must be quoted, since it would otherwise end too early (`⑴` folds to `(1)`). */
export function needsQuotes(tag: string): boolean {
  WORD.lastIndex = 0;
  return WORD.exec(tag)?.[0] !== tag;
}
