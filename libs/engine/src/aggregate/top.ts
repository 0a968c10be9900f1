/** Counts from which on they are told apart no more when the least of the first is sought. */
const LARGE = 4_096;

/** Ordinals by their counts: how many have any, and those among which the first `length` are, whatever decides between equals. */
export function counted(counts: Int32Array, length: number): { readonly distinct: number; readonly first: number[] } {
  const having = new Int32Array(LARGE + 1);
  for (let key = 0; key < counts.length; key++) {
    const place = Math.min(counts[key] ?? 0, LARGE);
    having[place] = (having[place] ?? 0) + 1;
  }
  const distinct = counts.length - (having[0] ?? 0);
  let least = LARGE;
  for (let more = having[LARGE] ?? 0; more < length && least > 1; more += having[least] ?? 0) least--;
  const first: number[] = [];
  for (let key = 0; key < counts.length; key++) if ((counts[key] ?? 0) >= least) first.push(key);
  return { distinct, first };
}

/**
 * The first of many in an order, without sorting the rest.
 * @param before - negative where `a` comes before `b`; a total order.
 */
export function firstInOrder(
  candidates: Iterable<number>,
  length: number,
  before: (a: number, b: number) => number,
): number[] {
  if (length === 0) return [];
  // A heap whose root is the last of those kept: most candidates only lose to it.
  const heap: number[] = [];
  for (const candidate of candidates) {
    if (heap.length < length) {
      heap.push(candidate);
      siftUp(heap, before);
    } else if (before(candidate, heap[0] ?? 0) < 0) {
      heap[0] = candidate;
      siftDown(heap, before);
    }
  }
  return heap.sort(before);
}

function siftUp(heap: number[], before: (a: number, b: number) => number): void {
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (before(heap[at] ?? 0, heap[parent] ?? 0) <= 0) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown(heap: number[], before: (a: number, b: number) => number): void {
  for (let at = 0; ;) {
    let last = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && before(heap[child] ?? 0, heap[last] ?? 0) > 0) last = child;
    }
    if (last === at) return;
    swap(heap, at, last);
    at = last;
  }
}

function swap(heap: number[], a: number, b: number): void {
  const kept = heap[a] ?? 0;
  heap[a] = heap[b] ?? 0;
  heap[b] = kept;
}
