import type { Gap } from '../../contracts/gap.js';
import type { Interval } from '../../interval/interval.js';
import { cutTo, spanOf, without } from './spans.js';

/** The gap of a source that goes on, among its rows. */
export function openGap(rows: readonly Gap[]): Gap | undefined {
  return rows.find(({ status }) => status === 'OPEN');
}

/** Gaps of one source without what lies in a span. */
export function carve(rows: readonly Gap[], span: Interval): Gap[] {
  return rows.flatMap((row) => {
    if (cutTo(spanOf(row), span) === null) return [row];
    const parts = without(spanOf(row), [span]);
    return parts.map((part, index) => {
      const isLast = index === parts.length - 1;
      const to = part.to === Infinity ? null : part.to;
      // What goes on is the part without an end.
      const status = row.status === 'OPEN' && to !== null ? 'CLOSED' : row.status;
      // What was refilled is stated once.
      return { ...row, from: part.from, to, status, refilled: isLast ? row.refilled : 0 };
    });
  });
}

/**
 * Marks as REFILLED what lies in a span, of gaps of one source.
 * @param posts - that came for the span: each gap gets its share by length.
 */
export function refill(rows: readonly Gap[], span: Interval, posts: number): Gap[] {
  const overlap = (row: Gap): Interval | null => (row.status === 'REFILLED' ? null : cutTo(spanOf(row), span));
  const total = rows.reduce((sum, row) => sum + lengthOfSpan(overlap(row)), 0);
  let covered = 0;
  let given = 0;
  return rows.flatMap((row) => {
    const part = overlap(row);
    if (part === null) return [row];
    covered += lengthOfSpan(part);
    const due = Math.round((posts * covered) / total);
    const share = due - given;
    given = due;
    const filled: Gap = { ...row, ...part, status: 'REFILLED', refilled: row.refilled + share };
    return [...carve([{ ...row, refilled: 0 }], part), filled];
  });
}

/** Rows in order of time, without empty ones; of one source, what touches for the same cause and stands the same is one. */
export function tidied(rows: readonly Gap[]): Gap[] {
  const result: Gap[] = [];
  for (const row of rows.toSorted((a, b) => a.from - b.from)) {
    if (row.to !== null && row.to <= row.from) continue;
    const last = result.at(-1);
    if (last !== undefined && joins(last, row)) {
      const { to, status } = row;
      result[result.length - 1] = { ...last, to, status, refilled: last.refilled + row.refilled };
    } else result.push(row);
  }
  return result;
}

function joins(before: Gap, after: Gap): boolean {
  const isRefilled = (gap: Gap): boolean => gap.status === 'REFILLED';
  return before.to === after.from && before.cause === after.cause && isRefilled(before) === isRefilled(after);
}

function lengthOfSpan(span: Interval | null): number {
  return span === null ? 0 : span.to - span.from;
}
