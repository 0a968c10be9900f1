import {
  captureSpans,
  HOUR_MS,
  type Interval,
  type IntervalCell,
  lengthOfSpans,
  MissingEstimates,
  QUARTER_HOUR_MS,
  spanOf,
  spansByBucket,
  spansWithin,
} from '@analytica/domain';
import type { Coverage, Gap } from '@analytica/domain/contracts';
import type { Manifest } from '@analytica/lake';

const QUARTERS = HOUR_MS / QUARTER_HOUR_MS;

/** A gap, with what it lacks. */
export interface GapView {
  readonly from: number;
  /** Null while it goes on. */
  readonly to: number | null;
  readonly cause: Gap['cause'];
  readonly isRefilled: boolean;
  /** Posts that came afterwards. */
  readonly refilled: number;
  /** Posts of all topics that it lacks, as an estimate; null where none can be given. */
  readonly missedPosts: number | null;
}

/** When one source captured, in an interval. */
export interface CoverageView {
  readonly source: string;
  /** In order, cut to the interval. */
  readonly captured: readonly Interval[];
  /** The newest first. */
  readonly gaps: readonly GapView[];
  /** Of the time in which it was switched on, from 0 to 1; null where it was not. */
  readonly share: number | null;
}

/** When each live source captured, and what its gaps lack. Sources that were not switched on in the interval are left out. */
export function coverageViews(
  { coverage, files }: Pick<Manifest, 'files'> & { readonly coverage?: Coverage | null | undefined },
  interval: Interval,
): readonly CoverageView[] {
  if (coverage == null) return [];
  return coverage.sources.flatMap(({ source, switchedOn }) => {
    const on = spansWithin(switchedOn.map(spanOf), interval);
    if (on.length === 0) return [];
    const captured = spansWithin(captureSpans(coverage, source).map(spanOf), interval);
    const gaps = gapsIn(coverage.gaps, interval).filter((gap) => gap.source === source);
    // The files do not say which source a post is from: with several there is nothing to estimate by.
    const estimates = coverage.sources.length === 1 ? estimatesOf(files, gaps, interval) : null;
    return [
      {
        ...{ source, captured, share: lengthOfSpans(captured) / lengthOfSpans(on) },
        gaps: gaps.map((gap) => ({
          ...{ from: gap.from, to: gap.to, cause: gap.cause, refilled: gap.refilled },
          isRefilled: gap.status === 'REFILLED',
          missedPosts: gap.status === 'REFILLED' ? null : (estimates?.of(spansWithin([spanOf(gap)], interval)) ?? null),
        })),
      },
    ];
  });
}

/** Gaps that meet an interval, the newest first; those that go on before all others. */
export function gapsIn(gaps: readonly Gap[], interval: Interval): readonly Gap[] {
  return gaps
    .filter(({ from, to }) => from < interval.to && (to ?? Infinity) > interval.from)
    .toSorted((a, b) => (b.to ?? Infinity) - (a.to ?? Infinity) || b.from - a.from);
}

function estimatesOf(files: Manifest['files'], gaps: readonly Gap[], interval: Interval): MissingEstimates {
  const unfilled = gaps.filter(({ status }) => status !== 'REFILLED');
  const missing = spansWithin(unfilled.map(spanOf), interval);
  return new MissingEstimates(cellsOf(files, missing, interval), interval, missing);
}

/** Captured posts by quarter hour: those of a file lie evenly in what was captured of its arrival hour. */
function cellsOf(files: Manifest['files'], missing: readonly Interval[], interval: Interval): readonly IntervalCell[] {
  const byHour = new Map<number, number>();
  for (const { hour, rows, importName } of files) {
    const isMeant = importName === null && hour < interval.to && hour + HOUR_MS > interval.from;
    if (isMeant) byHour.set(hour, (byHour.get(hour) ?? 0) + rows);
  }
  const hours = [...byHour].map(([from, rows]) => ({ from, to: from + HOUR_MS, rows })).sort((a, b) => a.from - b.from);
  const missingOf = spansByBucket(missing, hours);
  return hours.flatMap(({ from, rows }, hour) => {
    const quarters = Array.from({ length: QUARTERS }, (_, n) => {
      const start = from + n * QUARTER_HOUR_MS;
      const lacking = spansWithin(missingOf[hour] ?? [], { from: start, to: start + QUARTER_HOUR_MS });
      return { start, ms: QUARTER_HOUR_MS - lengthOfSpans(lacking) };
    });
    const total = quarters.reduce((sum, { ms }) => sum + ms, 0);
    return quarters.map(({ start, ms }) => {
      return { start, posts: total === 0 ? 0 : (rows * ms) / total, retweets: 0, replies: 0, quotes: 0 };
    });
  });
}
