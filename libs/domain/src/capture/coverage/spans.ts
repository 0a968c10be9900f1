import type { Interval } from '../../interval/interval.js';

/** A span without an end goes on. */
export function spanOf({ from, to }: { readonly from: number; readonly to: number | null }): Interval {
  return { from, to: to ?? Infinity };
}

/** The part of a span that lies in another; null where there is none. */
export function cutTo(span: Interval, within: Interval): Interval | null {
  const from = Math.max(span.from, within.from);
  const to = Math.min(span.to, within.to);
  return from < to ? { from, to } : null;
}

/** Spans in order of time, without those that are empty; what overlaps or touches is one. */
export function union(spans: readonly Interval[]): Interval[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from >= to) continue;
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** What is left of a span without others; in order of time. */
export function without(span: Interval, others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let from = span.from;
  for (const other of union(others)) {
    if (other.to <= from) continue;
    if (other.from >= span.to) break;
    if (other.from > from) left.push({ from, to: other.from });
    from = other.to;
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}

/** The parts of spans that lie in another span; in order of time, what overlaps or touches is one. */
export function within(spans: readonly Interval[], interval: Interval): Interval[] {
  return union(spans.flatMap((span) => cutTo(span, interval) ?? []));
}

/** Those of spans that meet another one. @param spans - in order of time, without overlap. */
export function meeting<T extends Interval>(spans: readonly T[], interval: Interval): readonly T[] {
  const first = firstNot(spans, ({ to }) => to <= interval.from);
  return spans.slice(
    first,
    firstNot(spans, ({ from }) => from < interval.to),
  );
}

/**
 * Of each bucket the parts of spans that lie in it.
 * @param spans - in order of time, without overlap.
 * @param buckets - in order of time, without overlap.
 */
export function spansByBucket(spans: readonly Interval[], buckets: readonly Interval[]): Interval[][] {
  let first = 0;
  return buckets.map((bucket) => {
    while ((spans[first]?.to ?? Infinity) <= bucket.from) first += 1;
    const parts: Interval[] = [];
    for (let index = first; (spans[index]?.from ?? Infinity) < bucket.to; index += 1) {
      const part = cutTo(spans[index] ?? bucket, bucket);
      if (part !== null) parts.push(part);
    }
    return parts;
  });
}

/** The sum of the lengths of spans that do not overlap, in ms. */
export function lengthOf(spans: readonly Interval[]): number {
  return spans.reduce((sum, { from, to }) => sum + (to - from), 0);
}

/** The place of the first span for which `isBefore` does not hold; it holds for all before that and for none after. */
function firstNot<T>(spans: readonly T[], isBefore: (span: T) => boolean): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const span = spans[middle];
    if (span !== undefined && isBefore(span)) low = middle + 1;
    else high = middle;
  }
  return low;
}
