import { cellLength, type Interval, type IntervalCell } from '../../interval/interval.js';
import { HOUR_MS } from '../../time-units.js';
import { lengthOf, meeting, spansByBucket, within, without } from './spans.js';
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
  return new MissingEstimates(cells, interval, spans).of(missed);
}

/** Estimates of what single gaps of an interval lack (counting.md, rule 30): what they share is made once. */
export class MissingEstimates {
  readonly #counts: Counts;

  /**
   * @param cells - what was counted in the interval.
   * @param missing - all that was not captured in it.
   */
  constructor(cells: readonly IntervalCell[], interval: Interval, missing: readonly Interval[]) {
    this.#counts = new Counts(cells, interval, missing);
  }

  /** @returns whole posts that gaps lack; null below 20, or where nothing beside a gap was captured to compare it with. */
  of(missed: readonly Interval[]): number | null {
    const posts = missed.reduce((sum, gap) => sum + lackOf(gap, this.#counts), 0);
    const whole = Math.round(posts);
    return whole < LEAST_ESTIMATE ? null : whole;
  }
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

/** A cell, cut to the interval, with the parts of it that were captured. */
interface Cell extends Interval {
  readonly posts: number;
  readonly covered: readonly Interval[];
}

/** The posts of an interval by time: those of a cell lie evenly in the part of it that was captured. */
class Counts {
  readonly #cells: readonly Cell[];
  readonly #covered: readonly Interval[];

  constructor(cells: readonly IntervalCell[], interval: Interval, missing: readonly Interval[]) {
    const length = cellLength(interval);
    this.#covered = without(interval, missing);
    const cut = cells
      .map(({ start, posts }) => {
        return { from: Math.max(start, interval.from), to: Math.min(start + length, interval.to), posts };
      })
      .filter(({ from, to }) => from < to)
      .sort((a, b) => a.from - b.from);
    const parts = spansByBucket(this.#covered, cut);
    this.#cells = cut.map((cell, index) => ({ ...cell, covered: parts[index] ?? [] }));
  }

  /** How much of a span was captured, and how many posts were counted in that. */
  covered(span: Interval): { readonly ms: number; readonly posts: number } {
    const posts = meeting(this.#cells, span).reduce((sum, cell) => {
      const length = lengthOf(cell.covered);
      return length === 0 ? sum : sum + (cell.posts * lengthOf(within(cell.covered, span))) / length;
    }, 0);
    return { ms: lengthOf(within(meeting(this.#covered, span), span)), posts };
  }

  /** Posts of a span that was not covered: of cells that lie in it as a whole. */
  inside(span: Interval): number {
    return meeting(this.#cells, span)
      .filter(({ from, to }) => from >= span.from && to <= span.to)
      .reduce((sum, { posts }) => sum + posts, 0);
  }
}
