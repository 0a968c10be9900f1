import type { Span } from './ast.js';
import { lex, type Lexeme } from './lexer.js';

export interface TokenSpan extends Span {
  readonly kind: 'operator' | 'bracket' | 'word' | 'phrase' | 'hashtag' | 'mention';
}

/** The parts of a query for colouring it while it is typed, in order, white space left out. Takes any text. */
export function tokenSpans(query: string): TokenSpan[] {
  return lex(query).map((lexeme) => ({ kind: kindOf(lexeme), position: lexeme.position, length: lexeme.length }));
}

function kindOf({ kind, sign, quoted }: Lexeme): TokenSpan['kind'] {
  if (kind === 'open' || kind === 'close') return 'bracket';
  if (kind !== 'term') return 'operator';
  if (sign !== '') return sign === '#' ? 'hashtag' : 'mention';
  return quoted ? 'phrase' : 'word';
}
