import type { TermNode, Topic, TopicNode } from './ast.js';

/** The two columns of a post that a topic asks (rule 11). */
export interface Matchable {
  readonly terms: string;
  readonly tags: string;
}

/** Whether a post matches: the same question that an engine puts to its columns. */
export function matches(topic: Topic, post: Matchable): boolean {
  return holds(topic.root, post);
}

function holds(node: TopicNode, post: Matchable): boolean {
  switch (node.type) {
    case 'term':
      return post[node.column].includes(node.needle);
    case 'not':
      return !holds(node.child, post);
    case 'and':
      return node.children.every((child) => holds(child, post));
    case 'or':
      return node.children.some((child) => holds(child, post));
  }
}

/** The distinct terms of a topic, in order. */
export function termsOf(topic: Topic): TermNode[] {
  return distinct([...walk(topic.root, false)].map(({ term }) => term));
}

/** The distinct terms that speak for a post: those under an even number of NOTs. */
export function positiveTermsOf(topic: Topic): TermNode[] {
  return distinct([...walk(topic.root, false)].filter(({ negated }) => !negated).map(({ term }) => term));
}

function* walk(node: TopicNode, negated: boolean): Generator<{ term: TermNode; negated: boolean }> {
  if (node.type === 'term') yield { term: node, negated };
  else if (node.type === 'not') yield* walk(node.child, !negated);
  else for (const child of node.children) yield* walk(child, negated);
}

function distinct(terms: readonly TermNode[]): TermNode[] {
  return [...new Map(terms.map((term) => [term.column + term.needle, term])).values()];
}
