import type { TopicNode } from '@analytica/domain/topic';

/** A condition in SQL text that holds no user input: every needle is a bound parameter. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly string[];
}

type Column = 'terms' | 'tags';

function columnsOf(node: TopicNode): ReadonlySet<Column> {
  switch (node.type) {
    case 'term':
      return new Set([node.column]);
    case 'not':
      return columnsOf(node.child);
    default:
      return new Set(node.children.flatMap((child) => [...columnsOf(child)]));
  }
}

/** The condition of a topic's tree, as it stands. */
export function conditionOf(node: TopicNode): Condition {
  switch (node.type) {
    case 'term':
      return { sql: `contains(${node.column}, ?)`, parameters: [node.needle] };
    case 'not': {
      const child = conditionOf(node.child);
      return { sql: `NOT ${child.sql}`, parameters: child.parameters };
    }
    default: {
      const children = node.children.map(conditionOf);
      return {
        sql: `(${children.map((child) => child.sql).join(node.type === 'and' ? ' AND ' : ' OR ')})`,
        parameters: children.flatMap((child) => child.parameters),
      };
    }
  }
}

function and(children: readonly TopicNode[]): TopicNode {
  const [only] = children;
  return children.length === 1 && only !== undefined ? only : { type: 'and', children };
}

function or(children: readonly TopicNode[]): TopicNode {
  const [only] = children;
  return children.length === 1 && only !== undefined ? only : { type: 'or', children };
}

/**
 * The topic as disjoint conditions, each of which DuckDB can push into the Parquet scan: a filter on one column is pushed
 * down, one on two columns (`cat OR #cat`) is not, and every column of every row would be read. So `A(terms) OR B(tags)`
 * becomes `A(terms)` and `NOT A(terms) AND B(tags)`, two scans that share no row.
 */
export function disjointConditions(root: TopicNode): readonly Condition[] {
  const conjuncts = root.type === 'and' ? root.children : [root];
  const mixed = conjuncts.find((child) => child.type === 'or' && columnsOf(child).size > 1);
  if (mixed?.type !== 'or') return [conditionOf(root)];
  const parts = mixed.children.map((child) => ({ child, columns: columnsOf(child) }));
  const terms = parts.filter(({ columns }) => !columns.has('tags')).map(({ child }) => child);
  const tags = parts.filter(({ columns }) => !columns.has('terms')).map(({ child }) => child);
  if (terms.length + tags.length < parts.length) return [conditionOf(root)];
  const rest = conjuncts.filter((child) => child !== mixed);
  return [
    conditionOf(and([...rest, or(terms)])),
    conditionOf(and([...rest, { type: 'not', child: or(terms) }, or(tags)])),
  ];
}
