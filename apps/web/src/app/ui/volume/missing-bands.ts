import type { Bar } from './bar';
import type { BarScale } from './bar-scale';

/** A time without posts, `[from, to)` in epoch ms, with what may stand on it, the longest text first. */
export interface MissingTime {
  readonly from: number;
  readonly to: number;
  readonly labels: readonly string[];
}

/** Where a time without posts is drawn, px of the plot. */
export interface MissingBand {
  readonly x: number;
  readonly width: number;
}

const LEAST_PX = 4;

/** Bands of a plot over the times that were not captured or cannot be read, at least 4 px wide. */
export function missingBands<T extends Pick<MissingTime, 'from' | 'to'>>(
  missing: readonly T[],
  bars: readonly Bar[],
  scale: BarScale,
): (T & MissingBand)[] {
  const at = (instant: number): number => {
    const index = bars.findIndex(({ to }) => instant < to);
    const bar = bars[index];
    if (bar === undefined) return scale.at(bars.length);
    return scale.at(index + Math.max(0, instant - bar.from) / (bar.to - bar.from));
  };
  return missing.map((time) => {
    const [start, end] = [at(time.from), at(time.to)];
    const width = Math.max(LEAST_PX, end - start);
    return { ...time, x: Math.max(0, Math.min(start, scale.w - width)), width };
  });
}
