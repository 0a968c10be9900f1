import type { TopicNode } from './ast.js';
import type { Syntax } from './syntax.js';
import { printTerm } from './term.js';

/** The tree that a query means: ANDs within ANDs and ORs within ORs opened, double NOTs undone, repeats dropped. */
export function meaningOf(syntax: Syntax): TopicNode {
  switch (syntax.type) {
    case 'term':
      return syntax.term;
    case 'not': {
      const child = meaningOf(syntax.child);
      return child.type === 'not' ? child.child : { type: 'not', child };
    }
    case 'and':
    case 'or':
      return gather(syntax.type, syntax.children.map(meaningOf));
  }
}

function gather(type: 'and' | 'or', nodes: readonly TopicNode[]): TopicNode {
  const distinct = new Map<string, TopicNode>();
  for (const node of nodes) {
    for (const child of node.type === type ? node.children : [node]) {
      const key = print(child);
      if (!distinct.has(key)) distinct.set(key, child);
    }
  }
  const children = [...distinct.values()];
  return children.length === 1 && children[0] !== undefined ? children[0] : { type, children };
}

/** The canonical form. Brackets show what binds first, even where they could be left out. */
export function print(node: TopicNode): string {
  switch (node.type) {
    case 'term':
      return printTerm(node);
    case 'not':
      return `NOT ${printInside(node.child)}`;
    case 'and':
      return node.children.map(printInside).join(' AND ');
    case 'or':
      return node.children.map(printInside).join(' OR ');
  }
}

function printInside(node: TopicNode): string {
  return node.type === 'and' || node.type === 'or' ? `(${print(node)})` : print(node);
}
