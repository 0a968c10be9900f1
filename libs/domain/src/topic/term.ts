import { fold, foldTag } from '../text/fold.js';
import { removeLinks } from '../text/links.js';
import { isUnspaced, joinTokens, tokenize } from '../text/tokens.js';
import type { TermNode } from './ast.js';
import { needsQuotes, type Lexeme } from './lexer.js';

const MENTION = /(?<!\S)[@＠]([\p{L}\p{M}\p{N}_.-]+)/gu;
const NAME = /^[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_]/u;

/** Rule 13: what a term looks for; null where no token is left of it (`!!!`, an emoji, a link). */
export function makeTerm(lexeme: Lexeme): TermNode | null {
  const { text, sign } = lexeme;
  const span = { position: lexeme.position, length: lexeme.length };
  if (sign === '#') {
    const tag = foldTag(text);
    return tag === '' ? null : { type: 'term', kind: 'hashtag', text, column: 'tags', needle: joinTokens([tag]), span };
  }
  const tokens = queryTokens(sign === '@' ? `@${text}` : text);
  if (tokens.length === 0) return null;
  return { type: 'term', kind: kindOf(tokens), text, column: 'terms', needle: joinTokens(tokens), span };
}

/** The term as the canonical form writes it. It depends on what the term looks for alone, not on how it was typed. */
export function printTerm({ column, needle }: Pick<TermNode, 'column' | 'needle'>): string {
  if (column === 'tags') {
    const tag = needle.slice(1, -1);
    return needsQuotes(tag) ? `#"${tag}"` : `#${tag}`;
  }
  const text = shortest(tokensOf(needle));
  return text.includes(' ') ? `"${text}"` : text;
}

/** The tokens of a needle, in order. */
export function tokensOf(needle: string): string[] {
  return needle.slice(1, -1).split(' ');
}

function kindOf(tokens: readonly string[]): TermNode['kind'] {
  if (tokens.length === 1) return tokens[0]?.startsWith('@') === true ? 'mention' : 'word';
  return shortest(tokens).includes(' ') ? 'phrase' : 'word';
}

/** As posts are tokenised, but that `@name` after white space stands for the mention, since a query has no entities. */
function queryTokens(text: string): string[] {
  const tokens: string[] = [];
  let done = 0;
  for (const match of text.matchAll(MENTION)) {
    const folded = foldTag(match[1] ?? '');
    const name = NAME.exec(folded)?.[0];
    if (name === undefined) continue;
    tokens.push(...plainTokens(text.slice(done, match.index)), `@${name}`, ...plainTokens(folded.slice(name.length)));
    done = match.index + match[0].length;
  }
  tokens.push(...plainTokens(text.slice(done)));
  return tokens;
}

function plainTokens(text: string): readonly string[] {
  return tokenize(fold(removeLinks(text)));
}

/** 東 京 is printed as 東京, where it means the same. */
function shortest(tokens: readonly string[]): string {
  let text = '';
  let before = '';
  for (const token of tokens) {
    const glued = !token.startsWith('@') && !before.startsWith('@') && (isSingle(token) || isSingle(before));
    text += before === '' || glued ? token : ` ${token}`;
    before = token;
  }
  const spaced = tokens.join(' ');
  return text === spaced || sameTokens(queryTokens(text), tokens) ? text : spaced;
}

function isSingle(token: string): boolean {
  return isUnspaced(token.codePointAt(0) ?? 0);
}

function sameTokens(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, i) => token === b[i]);
}
