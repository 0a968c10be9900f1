import type { Coverage, SourceCoverage } from '../../contracts/coverage.js';
import type { Gap } from '../../contracts/gap.js';
import type { Interval } from '../../interval/interval.js';
import { cutTo, spanOf, union, within, without } from './spans.js';

/** What a snapshot says of the times in which its posts were captured. */
export interface CaptureTimes {
  /** Null for a lake that was filled before coverage was kept. */
  readonly coverage: Coverage | null;
  /** `created_at` of the oldest captured post, epoch ms; null without any. */
  readonly oldestPost: number | null;
  /** From the first post of each import to the last, that one included. */
  readonly imports: readonly Interval[];
}

/** What of an interval was not captured. */
export interface NotCaptured {
  /** Gaps that meet the interval, cut to it, oldest first; also those that were refilled, which are covered. */
  readonly gaps: readonly Gap[];
  /** Times of the interval that are not covered, in order, without overlap. */
  readonly spans: readonly Interval[];
  /** Those of them in which a source that was switched on captured nothing, or not all. */
  readonly missed: readonly Interval[];
}

/**
 * What of an interval was not captured (counting.md, rule 29).
 * @param until - what lies later than this instant has not happened yet: it is no gap.
 */
export function notCaptured(times: CaptureTimes, interval: Interval, until: number): NotCaptured {
  const asked = cutTo(interval, { from: -Infinity, to: until });
  if (asked === null) return { gaps: [], spans: [], missed: [] };
  const { coverage } = times;
  const rows = coverage === null ? [] : [...coverage.gaps, ...catchingUp(coverage)];
  const gaps = rows
    .flatMap((gap) => {
      const part = cutTo(spanOf(gap), asked);
      return part === null ? [] : [{ ...gap, ...part }];
    })
    .toSorted((a, b) => a.from - b.from);
  const unfilled = gaps.filter(({ status }) => status !== 'REFILLED').map(spanOf);
  const missed = within(unfilled, asked);
  const unwatched = without(asked, [...watched(coverage), ...earlier(times), ...times.imports]);
  return { gaps, spans: union([...missed, ...unwatched]), missed };
}

/** Times in which a source captured, but for its gaps that were not refilled; the last one's end is null while it captures. */
export function captureSpans(
  coverage: Coverage,
  name: string,
): readonly { readonly from: number; readonly to: number | null }[] {
  const source = coverage.sources.find((each) => each.source === name);
  if (source === undefined) return [];
  const missed = coverage.gaps.filter((gap) => gap.source === name && gap.status !== 'REFILLED').map(spanOf);
  return periodsOf(source)
    .flatMap((period) => without(period, missed))
    .map(({ from, to }) => ({ from, to: to === Infinity ? null : to }));
}

/**
 * While a source is given again what it missed, it has not come to what happened since, unless that was asked for otherwise: that
 * is a gap for the same cause.
 */
function catchingUp({ sources, gaps }: Coverage): Gap[] {
  return sources.flatMap(({ source, reached, replaying }): Gap[] => {
    const again = replaying.at(-1);
    if (again === undefined) return [];
    const own = gaps.filter((gap) => gap.source === source);
    const refilled = own.filter(({ status }) => status === 'REFILLED').map(spanOf);
    const cause = own.findLast(({ status }) => status !== 'REFILLED')?.cause ?? 'DISCONNECTED';
    return without({ from: Math.max(reached, again.to), to: Infinity }, refilled).map(({ from, to }) =>
      to === Infinity
        ? { source, from, to: null, cause, status: 'OPEN', refilled: 0 }
        : { source, from, to, cause, status: 'CLOSED', refilled: 0 },
    );
  });
}

/** When any source was switched on. */
function watched(coverage: Coverage | null): Interval[] {
  return (coverage?.sources ?? []).flatMap(periodsOf);
}

function periodsOf({ switchedOn }: SourceCoverage): Interval[] {
  return switchedOn.map(spanOf);
}

function earlier({ coverage, oldestPost }: CaptureTimes): Interval[] {
  if (coverage !== null) return coverage.earlier === null ? [] : [coverage.earlier];
  return oldestPost === null ? [] : [{ from: oldestPost, to: Infinity }];
}
