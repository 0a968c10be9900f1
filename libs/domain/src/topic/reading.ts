import type { TermNode, Topic, TopicNode } from './ast.js';

export interface ReadingPart {
  readonly kind: 'text' | 'term';
  readonly text: string;
  /** Whether the term is one that posts must not have. */
  readonly negated: boolean;
}

const WITHOUT = ', without ';

/** The question in a sentence: Posts with “night train” or #nighttrain, without the word game. */
export function readingOf(topic: Topic): ReadingPart[] {
  const parts: ReadingPart[] = [said('Posts with ')];
  const { root } = topic;
  parts.push(...(root.type === 'and' ? conjunction(root.children, false, WITHOUT) : read(root, false)));
  return merged(parts);
}

function read(node: TopicNode, negated: boolean): ReadingPart[] {
  switch (node.type) {
    case 'term':
      return list([node], '', negated);
    case 'or':
      return list(node.children, ' or ', negated);
    case 'and':
      return conjunction(node.children, negated, ' without ');
    case 'not':
      return [said('not '), ...inBrackets(node.child, !negated)];
  }
}

/** What posts must have first, then what they must not have. */
function conjunction(nodes: readonly TopicNode[], negated: boolean, without: string): ReadingPart[] {
  const wanted = nodes.filter((node) => node.type !== 'not');
  const unwanted = nodes.flatMap((node) => (node.type === 'not' ? [node.child] : []));
  const [sole] = wanted;
  // The comma before "without" says enough: no brackets around the only thing that is wanted.
  const parts =
    wanted.length === 1 && sole?.type === 'or' && without === WITHOUT
      ? list(sole.children, ' or ', negated)
      : list(wanted, ' and ', negated);
  if (unwanted.length === 0) return parts;
  const [only] = unwanted;
  const rest =
    unwanted.length === 1 && only?.type === 'or'
      ? list(only.children, ' or ', !negated)
      : list(unwanted, ' or ', !negated);
  return [...parts, said(wanted.length === 0 ? 'not ' : without), ...rest];
}

function list(nodes: readonly TopicNode[], between: string, negated: boolean): ReadingPart[] {
  const parts: ReadingPart[] = [];
  nodes.forEach((node, i) => {
    if (i > 0) parts.push(said(between));
    if (isWord(node)) {
      if (!isWord(nodes[i - 1])) parts.push(said(isWord(nodes[i + 1]) ? 'the words ' : 'the word '));
      parts.push({ kind: 'term', text: node.text, negated });
    } else {
      parts.push(...inBrackets(node, negated));
    }
  });
  return parts;
}

function inBrackets(node: TopicNode, negated: boolean): ReadingPart[] {
  if (node.type === 'term') {
    return isWord(node) ? list([node], '', negated) : [{ kind: 'term', text: shown(node), negated }];
  }
  const parts = read(node, negated);
  return node.type === 'not' ? parts : [said('('), ...parts, said(')')];
}

function isWord(node: TopicNode | undefined): node is TermNode {
  return node?.type === 'term' && node.kind === 'word' && !/\s/.test(node.text);
}

function shown({ kind, text, needle }: TermNode): string {
  if (kind === 'hashtag') return `#${text}`;
  return kind === 'mention' ? needle.trim() : `“${text}”`;
}

function said(text: string): ReadingPart {
  return { kind: 'text', text, negated: false };
}

function merged(parts: readonly ReadingPart[]): ReadingPart[] {
  const result: ReadingPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.kind === 'text' && last?.kind === 'text') result[result.length - 1] = said(last.text + part.text);
    else result.push(part);
  }
  return result;
}
