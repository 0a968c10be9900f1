/** Where something stands in the query, in UTF-16 code units. */
export interface Span {
  readonly position: number;
  readonly length: number;
}

export type TermKind = 'word' | 'phrase' | 'hashtag' | 'mention';

/**
 * One thing to look for. An engine asks `contains(column, needle)`: `column` is `tags` for a hashtag, else `terms`;
 * `needle` is the folded tokens with one space between and at each end.
 */
export interface TermNode {
  readonly type: 'term';
  readonly kind: TermKind;
  /** As typed, without quotes or sign. */
  readonly text: string;
  readonly column: 'terms' | 'tags';
  readonly needle: string;
  readonly span: Span;
}

export type TopicNode =
  | TermNode
  | { readonly type: 'and'; readonly children: readonly TopicNode[] }
  | { readonly type: 'or'; readonly children: readonly TopicNode[] }
  | { readonly type: 'not'; readonly child: TopicNode };

/** A parsed topic. `canonical` is stable: it parses to the same tree and prints the same again. */
export interface Topic {
  readonly source: string;
  readonly canonical: string;
  readonly root: TopicNode;
}

export type TopicErrorReason =
  | 'EMPTY'
  | 'TOO_LONG'
  | 'UNCLOSED_BRACKET'
  | 'UNEXPECTED_BRACKET'
  | 'UNCLOSED_QUOTE'
  | 'MISSING_OPERAND'
  | 'NO_TOKEN'
  | 'ONLY_NOT'
  | 'TOO_DEEP';

/** What is wrong with a query, where, and where there is an obvious one, the query that was probably meant. */
export interface TopicProblem extends Span {
  readonly reason: TopicErrorReason;
  readonly message: string;
  readonly suggestion: string | null;
}

export type ParsedTopic =
  { readonly ok: true; readonly topic: Topic } | { readonly ok: false; readonly problem: TopicProblem };
