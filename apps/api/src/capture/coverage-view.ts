import { captureSpans, type Interval, type IntervalCell, MINUTE_MS, missingEstimate } from '@analytica/domain';
import type { Coverage, Gap } from '@analytica/domain/contracts';
import type { Manifest } from '@analytica/lake';

/** Cells of an interval of days. */
const QUARTER_MS = 15 * MINUTE_MS;
const QUARTERS = 4;

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
    const on = cutAll(switchedOn, interval);
    if (on.length === 0) return [];
    const captured = cutAll(captureSpans(coverage, source), interval);
    const gaps = gapsIn(coverage.gaps, interval).filter((gap) => gap.source === source);
    // The files do not say which source a post is from: with several there is nothing to estimate by.
    const isAlone = coverage.sources.length === 1;
    const missing = cutAll(
      gaps.toReversed().filter(({ status }) => status !== 'REFILLED'),
      interval,
    );
    const cells = isAlone ? cellsOf(files, missing) : [];
    return [
      {
        ...{ source, captured, share: lengthOf(captured) / lengthOf(on) },
        gaps: gaps.map((gap) => ({
          ...{ from: gap.from, to: gap.to, cause: gap.cause, refilled: gap.refilled },
          isRefilled: gap.status === 'REFILLED',
          missedPosts:
            isAlone && gap.status !== 'REFILLED'
              ? missingEstimate(cells, interval, { missed: cutAll([gap], interval), spans: missing })
              : null,
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

/** Captured posts by quarter hour: those of a file lie evenly in what was captured of its arrival hour. */
function cellsOf(files: Manifest['files'], missing: readonly Interval[]): readonly IntervalCell[] {
  const byHour = new Map<number, number>();
  for (const { hour, rows, importName } of files) {
    if (importName === null) byHour.set(hour, (byHour.get(hour) ?? 0) + rows);
  }
  return [...byHour].flatMap(([hour, rows]) => {
    const quarters = Array.from({ length: QUARTERS }, (_, n) => {
      const start = hour + n * QUARTER_MS;
      const end = start + QUARTER_MS;
      return { start, ms: QUARTER_MS - lengthOf(cutAll(missing, { from: start, to: end })) };
    });
    const total = quarters.reduce((sum, { ms }) => sum + ms, 0);
    return quarters.map(({ start, ms }) => {
      return { start, posts: total === 0 ? 0 : (rows * ms) / total, retweets: 0, replies: 0, quotes: 0 };
    });
  });
}

/** The parts of spans that lie in an interval; a span without an end goes on. */
function cutAll(
  spans: readonly { readonly from: number; readonly to: number | null }[],
  interval: Interval,
): readonly Interval[] {
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, interval.from), to: Math.min(to ?? Infinity, interval.to) }))
    .filter(({ from, to }) => from < to);
}

function lengthOf(spans: readonly Interval[]): number {
  return spans.reduce((sum, { from, to }) => sum + (to - from), 0);
}
