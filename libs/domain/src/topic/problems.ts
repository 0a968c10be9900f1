import type { Span, TopicErrorReason, TopicProblem } from './ast.js';

export const MAX_TOPIC_LENGTH = 1_024;

const FIXED: Readonly<Record<Exclude<TopicErrorReason, 'MISSING_OPERAND'>, string>> = {
  EMPTY: 'there is nothing to look for yet. Type a word, a "phrase", a #hashtag or an @name.',
  TOO_LONG: `a question may have at most ${MAX_TOPIC_LENGTH.toLocaleString('en')} characters.`,
  UNCLOSED_BRACKET: 'this bracket is never closed.',
  UNEXPECTED_BRACKET: 'this bracket closes nothing.',
  UNCLOSED_QUOTE: 'this quote is never closed.',
  NO_TOKEN: 'there is no letter or number here to look for.',
  ONLY_NOT: 'this also asks for posts with none of your words in them. Add a word that a post must have.',
  TOO_DEEP: 'too many brackets or NOTs stand inside one another here.',
};

/** Thrown inside the parser only; `parseTopic` turns it into a problem. */
export class Refusal extends Error {
  readonly problem: TopicProblem;

  constructor(reason: TopicErrorReason, span: Span, message?: string) {
    const text = message ?? (reason === 'MISSING_OPERAND' ? 'something is missing here.' : FIXED[reason]);
    super(text);
    this.problem = { reason, message: text, position: span.position, length: span.length, suggestion: null };
  }
}

/** The query with the one thing mended that the problem names; null where no mending is obvious. */
export function mend(query: string, { reason, position, length }: TopicProblem): string | null {
  switch (reason) {
    case 'UNCLOSED_BRACKET':
      return `${query.trimEnd()})`;
    case 'UNCLOSED_QUOTE':
      return query.trimEnd() + closingQuote(query.slice(position));
    case 'UNEXPECTED_BRACKET':
    case 'MISSING_OPERAND':
    case 'NO_TOKEN':
      return `${query.slice(0, position).trimEnd()} ${query.slice(position + length).trimStart()}`.trim();
    case 'EMPTY':
    case 'TOO_LONG':
    case 'ONLY_NOT':
    case 'TOO_DEEP':
      return null;
  }
}

function closingQuote(unclosed: string): string {
  if (/^[#＃@＠]?[“„‟]/.test(unclosed)) return '”';
  return /^[#＃@＠]?«/.test(unclosed) ? '»' : '"';
}
