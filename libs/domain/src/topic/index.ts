export type { ParsedTopic, Span, TermKind, TermNode, Topic, TopicErrorReason, TopicNode, TopicProblem } from './ast.js';
export { highlightSpans } from './highlight.js';
export { matches, type Matchable } from './match.js';
export { parseCanonical, parseTopic, requireTopic } from './parser.js';
export { readingOf, type ReadingPart } from './reading.js';
export { tokenSpans, type TokenSpan } from './token-spans.js';
