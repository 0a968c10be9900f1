import { cellLength, type Interval, type IntervalCell } from '../../interval/interval.js';
import { HOUR_MS } from '../../time-units.js';
import { lengthOf, within, without } from './spans.js';
import type { NotCaptured } from './uncovered.js';

/** Fewer posts than this are within what chance does: nothing is said of them. */
const LEAST_ESTIMATE = 20;

/**
 * How many matching posts an interval lacks because of what was not captured, as an estimate (counting.md, rule 30).
 * @param cells - what was counted in the interval.
 * @returns whole posts; null below 20, or where nothing beside a gap was captured to compare it with.
 */
export function missingEstimate(
  cells: readonly IntervalCell[],
  interval: Interval,
  { missed, spans }: Pick<NotCaptured, 'missed' | 'spans'>,
): number | null {
  const counts = new Counts(cells, interval, spans);
  const posts = missed.reduce((sum, gap) => sum + lackOf(gap, counts), 0);
  const whole = Math.round(posts);
  return whole < LEAST_ESTIMATE ? null : whole;
}

/** What a gap lacks: what is to be expected of its length, less what was counted in it, as by a source that had no gap. */
function lackOf(gap: Interval, counts: Counts): number {
  const length = gap.to - gap.from;
  const beside = Math.max(length, HOUR_MS);
  const before = counts.covered({ from: gap.from - beside, to: gap.from });
  const after = counts.covered({ from: gap.to, to: gap.to + beside });
  const ms = before.ms + after.ms;
  if (ms === 0) return 0;
  return Math.max(0, ((before.posts + after.posts) / ms) * length - counts.inside(gap));
}

/** The posts of an interval by time: those of a cell lie evenly in the part of it that was captured. */
class Counts {
  readonly #cells: readonly {
    readonly covered: readonly Interval[];
    readonly posts: number;
    readonly whole: Interval;
  }[];
  readonly #covered: readonly Interval[];

  constructor(cells: readonly IntervalCell[], interval: Interval, missing: readonly Interval[]) {
    const length = cellLength(interval);
    this.#covered = without(interval, missing);
    this.#cells = cells.map(({ start, posts }) => {
      const whole = { from: Math.max(start, interval.from), to: Math.min(start + length, interval.to) };
      return { covered: without(whole, missing), posts, whole };
    });
  }

  /** How much of a span was captured, and how many posts were counted in that. */
  covered(span: Interval): { readonly ms: number; readonly posts: number } {
    const posts = this.#cells.reduce((sum, cell) => {
      const length = lengthOf(cell.covered);
      return length === 0 ? sum : sum + (cell.posts * lengthOf(within(cell.covered, span))) / length;
    }, 0);
    return { ms: lengthOf(within(this.#covered, span)), posts };
  }

  /** Posts of a span that was not covered: of cells that lie in it as a whole. */
  inside(span: Interval): number {
    return this.#cells
      .filter(({ whole }) => whole.from >= span.from && whole.to <= span.to)
      .reduce((sum, { posts }) => sum + posts, 0);
  }
}
