import { type Topic, highlightSpans, parseTopic, readingOf, tokenSpans } from '@analytica/domain/topic';

/** What is wrong with a topic and where, in UTF-16 code units. */
export interface Problem {
  readonly message: string;
  readonly position: number | null;
  readonly length: number | null;
  readonly suggestion: string | null;
}

export interface SyntaxSpan {
  readonly kind: 'text' | 'operator' | 'wrong';
  readonly text: string;
}

/** The whole topic in spans: its operators, and what is wrong, which comes before an operator in the same place. */
export function syntaxSpans(topic: string, problem: Problem | null): SyntaxSpan[] {
  const marks = tokenSpans(topic).flatMap((span) =>
    span.kind === 'operator'
      ? [{ kind: 'operator' as const, from: span.position, to: span.position + span.length }]
      : [],
  );
  const wrong = problem?.position == null ? null : wrongSpan(topic, problem.position, problem.length ?? 1);
  const kept: { kind: SyntaxSpan['kind']; from: number; to: number }[] = wrong
    ? [...marks.filter((mark) => mark.to <= wrong.from || mark.from >= wrong.to), { kind: 'wrong' as const, ...wrong }]
    : marks;
  const spans: SyntaxSpan[] = [];
  let at = 0;
  for (const mark of kept.sort((a, b) => a.from - b.from)) {
    if (mark.from > at) spans.push({ kind: 'text', text: topic.slice(at, mark.from) });
    spans.push({ kind: mark.kind, text: topic.slice(mark.from, mark.to) });
    at = mark.to;
  }
  if (at < topic.length) spans.push({ kind: 'text', text: topic.slice(at) });
  return spans;
}

/** At least one character inside the topic: what is missing at the end is shown at the last character. */
function wrongSpan(topic: string, position: number, length: number): { from: number; to: number } | null {
  if (topic === '') return null;
  const from = Math.min(Math.max(0, position), topic.length - 1);
  return { from, to: Math.min(topic.length, Math.max(from + 1, position + length)) };
}

export interface TopicOrProblem {
  readonly topic: Topic | null;
  readonly problem: Problem | null;
}

/** Exactly one of the two is null. */
export function tryParseTopic(text: string): TopicOrProblem {
  const parsed = parseTopic(text);
  return parsed.ok ? { topic: parsed.topic, problem: null } : { topic: null, problem: parsed.problem };
}

export interface ReadingSpan {
  readonly text: string;
  readonly strong: boolean;
}

/** The topic in plain words; terms are strong. */
export function readingSpans(topic: Topic): ReadingSpan[] {
  return readingOf(topic).map((part) => ({ text: part.text, strong: part.kind === 'term' }));
}

export interface MatchSpan {
  readonly text: string;
  readonly marked: boolean;
}

/** The text of a post in spans; what matches the topic is marked. */
export function matchSpans(text: string, topic: Topic | null): MatchSpan[] {
  if (!topic) return [{ text, marked: false }];
  const spans: MatchSpan[] = [];
  let at = 0;
  for (const { position, length } of highlightSpans(text, topic)) {
    if (position > at) spans.push({ text: text.slice(at, position), marked: false });
    spans.push({ text: text.slice(position, position + length), marked: true });
    at = position + length;
  }
  if (at < text.length) spans.push({ text: text.slice(at), marked: false });
  return spans;
}

/** "Position 1: this bracket is never closed." */
export function problemText(problem: Problem): string {
  const message = problem.message.trim();
  return problem.position === null
    ? message.charAt(0).toUpperCase() + message.slice(1)
    : `Position ${String(problem.position + 1)}: ${message}`;
}
