import type { Coverage } from '../../contracts/coverage.js';
import type { Gap } from '../../contracts/gap.js';

/** More gaps than this are not kept apart: they are in every list of the lake's files. */
export const MAX_GAPS = 1_000;

/** Gaps, at most so many: those of a source that lie nearest to each other become one, and what was captured between them counts as missed. */
export function boundGaps(gaps: readonly Gap[], most: number = MAX_GAPS): readonly Gap[] {
  let result = gaps;
  while (result.length > most) {
    const merged = mergeNearest(result);
    if (merged === null) return result;
    result = merged;
  }
  return result;
}

/** What is known of the time from `before` on. */
export function trimCoverage(coverage: Coverage, before: number): Coverage {
  const ends = (to: number | null): boolean => to !== null && to <= before;
  const cut = <T extends { readonly from: number; readonly to: number | null }>(spans: readonly T[]): T[] =>
    spans.filter(({ to }) => !ends(to)).map((span) => (span.from < before ? { ...span, from: before } : span));
  const sources = coverage.sources
    .map((source) => ({ ...source, switchedOn: cut(source.switchedOn) }))
    .filter(({ switchedOn }) => switchedOn.length > 0);
  const [earlier = null] = coverage.earlier === null ? [] : cut([coverage.earlier]);
  return { ...coverage, earlier, sources, gaps: cut(coverage.gaps) };
}

/** What was refilled is merged first: nothing that was captured is lost by it. */
function mergeNearest(gaps: readonly Gap[]): readonly Gap[] | null {
  const lastOf = new Map<string, number>();
  let nearest: { readonly first: number; readonly second: number; readonly cost: number } | null = null;
  for (const [second, gap] of gaps.entries()) {
    const first = lastOf.get(gap.source);
    lastOf.set(gap.source, second);
    const before = first === undefined ? undefined : gaps[first];
    if (first === undefined || before?.to == null) continue;
    const isHarmless = before.status === 'REFILLED' && gap.status === 'REFILLED';
    const cost = isHarmless ? -1 / (1 + gap.from - before.to) : gap.from - before.to;
    if (nearest === null || cost < nearest.cost) nearest = { first, second, cost };
  }
  if (nearest === null) return null;
  const [before, after] = [gaps[nearest.first], gaps[nearest.second]];
  if (before === undefined || after === undefined) return null;
  const isOpen = after.status === 'OPEN';
  const status = before.status === after.status || isOpen ? after.status : 'CLOSED';
  const merged: Gap = { ...after, from: before.from, status, refilled: before.refilled + after.refilled };
  return gaps.flatMap((gap, index) => (index === nearest.first ? [merged] : index === nearest.second ? [] : [gap]));
}
