import type { Span, TermNode } from './ast.js';
import { lex, type Lexeme } from './lexer.js';
import { Refusal } from './problems.js';
import { makeTerm } from './term.js';

/** The query as written, with the span of each part. */
export type Syntax = Span &
  (
    | { readonly type: 'term'; readonly term: TermNode }
    | { readonly type: 'and' | 'or'; readonly children: readonly Syntax[] }
    | { readonly type: 'not'; readonly child: Syntax }
  );

/**
 * Recursive descent, one method a level of precedence: OR, AND, NOT, then terms and brackets.
 * @throws Refusal at the first thing from the left that cannot be right.
 */
export function parseSyntax(query: string, maxDepth: number): Syntax {
  return new Parser(lex(query), query.length, maxDepth).parse();
}

class Parser {
  readonly #lexemes: readonly Lexeme[];
  readonly #queryLength: number;
  readonly #maxDepth: number;
  #next = 0;
  #depth = 0;

  constructor(lexemes: readonly Lexeme[], queryLength: number, maxDepth: number) {
    this.#lexemes = lexemes;
    this.#queryLength = queryLength;
    this.#maxDepth = maxDepth;
  }

  parse(): Syntax {
    if (this.#lexemes.length === 0) throw new Refusal('EMPTY', { position: 0, length: this.#queryLength });
    const syntax = this.#or();
    const rest = this.#peek();
    if (rest !== undefined) throw new Refusal('UNEXPECTED_BRACKET', rest);
    return syntax;
  }

  #or(): Syntax {
    const children = [this.#and()];
    while (this.#peek()?.kind === 'or') {
      this.#next += 1;
      children.push(this.#and());
    }
    return joined('or', children);
  }

  #and(): Syntax {
    const children = [this.#not()];
    for (let lexeme = this.#peek(); lexeme !== undefined; lexeme = this.#peek()) {
      if (lexeme.kind === 'or' || lexeme.kind === 'close') break;
      if (lexeme.kind === 'and') this.#next += 1;
      children.push(this.#not());
    }
    return joined('and', children);
  }

  #not(): Syntax {
    const lexeme = this.#peek();
    if (lexeme?.kind !== 'not') return this.#primary();
    this.#next += 1;
    const child = this.#deeper(lexeme, () => this.#not());
    return { type: 'not', child, ...spanOf(lexeme, child) };
  }

  #primary(): Syntax {
    const lexeme = this.#peek();
    if (lexeme?.kind === 'term') {
      this.#next += 1;
      if (!lexeme.closed) throw new Refusal('UNCLOSED_QUOTE', lexeme);
      const term = makeTerm(lexeme);
      if (term === null) throw new Refusal('NO_TOKEN', lexeme);
      return { type: 'term', term, ...term.span };
    }
    if (lexeme?.kind === 'open') {
      this.#next += 1;
      return this.#deeper(lexeme, () => this.#bracketed(lexeme));
    }
    throw this.#missing(lexeme);
  }

  #bracketed(open: Lexeme): Syntax {
    const inner = this.#or();
    const close = this.#peek();
    if (close === undefined) throw new Refusal('UNCLOSED_BRACKET', open);
    this.#next += 1;
    return { ...inner, ...spanOf(open, close) };
  }

  #deeper(at: Lexeme, parse: () => Syntax): Syntax {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) throw new Refusal('TOO_DEEP', at);
    const syntax = parse();
    this.#depth -= 1;
    return syntax;
  }

  /** A term should begin here, and something else does, or nothing. */
  #missing(found: Lexeme | undefined): Refusal {
    const before = this.#lexemes[this.#next - 1];
    if (found?.kind === 'and' || found?.kind === 'or') {
      return new Refusal('MISSING_OPERAND', found, `a word is missing before this ${found.text}.`);
    }
    if (before !== undefined && before.kind !== 'open') {
      if (before.kind === 'and' || before.kind === 'or' || before.kind === 'not') {
        return new Refusal('MISSING_OPERAND', before, `a word is missing after this ${before.text}.`);
      }
    } else if (before !== undefined) {
      if (found === undefined) return new Refusal('UNCLOSED_BRACKET', before);
      return new Refusal('MISSING_OPERAND', spanOf(before, found), 'there is nothing between these brackets.');
    }
    return new Refusal('UNEXPECTED_BRACKET', found ?? { position: 0, length: this.#queryLength });
  }

  #peek(): Lexeme | undefined {
    return this.#lexemes[this.#next];
  }
}

function joined(type: 'and' | 'or', children: readonly Syntax[]): Syntax {
  const [first] = children;
  const last = children.at(-1);
  if (first === undefined || last === undefined || first === last) return first as Syntax;
  return { type, children, ...spanOf(first, last) };
}

function spanOf(first: Span, last: Span): Span {
  return { position: first.position, length: last.position + last.length - first.position };
}
