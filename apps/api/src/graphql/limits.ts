import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

export const MAX_DEPTH = 10;
export const MAX_COST = 5_000;
/** More than any document of the dashboard by a factor of ten. */
export const MAX_TOKENS = 4_000;

/** Fields that cost more than reading a property, in units of one field. */
const FIELD_COST: Readonly<Record<string, number>> = {
  startAnalysis: 200,
  cancelAnalysis: 50,
  analysisEvents: 50,
  analysis: 20,
  result: 20,
  // Up to 5,000 bars of six numbers.
  volume: 500,
  peakHours: 100,
  posts: 50,
  capture: 10,
};
/** Lists whose length the caller chooses; `first` without a literal counts as the most. */
const PAGED = new Set(['posts']);
const MAX_PAGE = 100;

interface Weight {
  readonly depth: number;
  readonly cost: number;
}

const NOTHING: Weight = { depth: 0, cost: 0 };

/**
 * A validation rule: a document that is deeper than {@link MAX_DEPTH} or costs more than {@link MAX_COST} is refused before anything runs.
 * Every fragment is weighed once, so that fragments which spread each other cost no time here.
 */
export function documentLimits(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, Weight>();
  const open = new Set<string>();

  const weighFragment = (fragment: FragmentDefinitionNode): Weight => {
    const name = fragment.name.value;
    const known = fragments.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) return NOTHING; // a cycle: another rule refuses it
    open.add(name);
    const weight = weigh(fragment.selectionSet);
    open.delete(name);
    fragments.set(name, weight);
    return weight;
  };

  const weighField = (field: FieldNode): Weight => {
    const name = field.name.value;
    if (name.startsWith('__')) return NOTHING; // introspection has a switch of its own
    const inner = field.selectionSet === undefined ? NOTHING : weigh(field.selectionSet);
    const times = PAGED.has(name) ? pageSize(field) : 1;
    return { depth: inner.depth + 1, cost: (FIELD_COST[name] ?? 1) + times * inner.cost };
  };

  const weigh = (set: SelectionSetNode): Weight => {
    let depth = 0;
    let cost = 0;
    for (const selection of set.selections) {
      let weight = NOTHING;
      if (selection.kind === Kind.FIELD) weight = weighField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) weight = weigh(selection.selectionSet);
      else {
        const fragment = context.getFragment(selection.name.value);
        if (fragment !== null && fragment !== undefined) weight = weighFragment(fragment);
      }
      depth = Math.max(depth, weight.depth);
      cost += weight.cost;
    }
    return { depth, cost };
  };

  return {
    OperationDefinition(operation: OperationDefinitionNode) {
      const { depth, cost } = weigh(operation.selectionSet);
      if (depth > MAX_DEPTH) {
        report(context, operation, 'QUERY_TOO_DEEP', `The document is ${depth} levels deep; ${MAX_DEPTH} are allowed.`);
      }
      if (cost > MAX_COST) {
        report(
          context,
          operation,
          'QUERY_TOO_COSTLY',
          `The document costs ${cost}; ${MAX_COST} is the most. Ask for less.`,
        );
      }
    },
  };
}

function report(context: ValidationContext, node: OperationDefinitionNode, code: string, message: string): void {
  context.reportError(new GraphQLError(message, { nodes: node, extensions: { limit: code } }));
}

function pageSize(field: FieldNode): number {
  const first = field.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (first === undefined) return 30;
  if (first.kind !== Kind.INT) return MAX_PAGE;
  return Math.min(Math.max(Number(first.value), 1), MAX_PAGE);
}
