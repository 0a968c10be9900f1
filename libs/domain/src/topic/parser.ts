import { AppError } from '../app-error.js';
import type { ParsedTopic, Topic, TopicProblem } from './ast.js';
import { meaningOf, print } from './canonical.js';
import { MAX_TOPIC_LENGTH, mend, Refusal } from './problems.js';
import { parseSyntax, type Syntax } from './syntax.js';

const MAX_DEPTH = 50;
/** A canonical form is longer than what was typed (`AND` written out) and at most twice as deep. */
const MAX_CANONICAL_DEPTH = 1_000;
const MAX_MENDINGS = 20;

/** Parses a question as a person typed it (rule 13). Never throws: what is wrong comes back as a problem. */
export function parseTopic(query: string): ParsedTopic {
  const parsed = attempt(query);
  if (parsed.ok) return parsed;
  return { ok: false, problem: { ...parsed.problem, suggestion: suggest(query, parsed.problem) } };
}

/**
 * `parseTopic` for callers that cannot go on without a topic.
 * @throws AppError TOPIC_SYNTAX or TOPIC_TOO_LONG; `details` is the `TopicProblem`.
 */
export function requireTopic(query: string): Topic {
  const parsed = parseTopic(query);
  if (parsed.ok) return parsed.topic;
  const { problem } = parsed;
  throw new AppError(
    problem.reason === 'TOO_LONG' ? 'TOPIC_TOO_LONG' : 'TOPIC_SYNTAX',
    `Position ${String(problem.position + 1)}: ${problem.message}`,
    { details: { ...problem } },
  );
}

/**
 * Parses a canonical form (`Topic.canonical`, `AnalysisSpec.topic`), which may be longer than a person may type.
 * @throws AppError TOPIC_SYNTAX where it is none.
 */
export function parseCanonical(canonical: string): Topic {
  try {
    return topicOf(canonical, parseSyntax(canonical, MAX_CANONICAL_DEPTH));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new AppError('TOPIC_SYNTAX', `Not a canonical topic: ${error.message}`, { details: { ...error.problem } });
  }
}

function attempt(query: string): ParsedTopic {
  try {
    if (query.length > MAX_TOPIC_LENGTH) {
      throw new Refusal('TOO_LONG', { position: MAX_TOPIC_LENGTH, length: query.length - MAX_TOPIC_LENGTH });
    }
    const syntax = parseSyntax(query, MAX_DEPTH);
    const free = partThatNeedsNoTerm(syntax);
    if (free !== null) throw new Refusal('ONLY_NOT', free);
    return { ok: true, topic: topicOf(query, syntax) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

function topicOf(source: string, syntax: Syntax): Topic {
  const root = meaningOf(syntax);
  return { source, canonical: print(root), root };
}

function suggest(query: string, first: TopicProblem): string | null {
  let problem = first;
  let mended: string | null = query;
  for (let i = 0; i < MAX_MENDINGS; i += 1) {
    mended = mend(mended, problem);
    if (mended === null) return null;
    const parsed = attempt(mended);
    if (parsed.ok) return mended;
    problem = parsed.problem;
  }
  return null;
}

/** The part by which a post without any of the terms would match; null where there is none, as it should be. */
function partThatNeedsNoTerm(syntax: Syntax): Syntax | null {
  switch (syntax.type) {
    case 'term':
      return null;
    case 'not':
      return partThatNeedsNoTerm(syntax.child) === null ? syntax : null;
    case 'or':
      return syntax.children.map(partThatNeedsNoTerm).find((part) => part !== null) ?? null;
    case 'and':
      return syntax.children.every((child) => partThatNeedsNoTerm(child) !== null) ? syntax : null;
  }
}
