/** One place where two answers differ. */
export interface Difference {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Compares two JSON values to the last leaf, in order; how many leaves there are, and which differ. */
export function compare(
  left: unknown,
  right: unknown,
): { readonly leaves: number; readonly differences: Difference[] } {
  const differences: Difference[] = [];
  let leaves = 0;
  const walk = (a: unknown, b: unknown, path: string): void => {
    if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
      const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
      for (const key of keys) walk(a[key], b[key], path === '' ? key : `${path}.${key}`);
      return;
    }
    leaves++;
    if (!Object.is(a, b)) differences.push({ path, left: a, right: b });
  };
  walk(left, right, '');
  return { leaves, differences };
}
