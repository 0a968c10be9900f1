import type { Bar } from './bar';
import type { BarScale } from './bar-scale';

/** Where hours without posts are drawn, px of the plot. */
export interface MissingBand {
  readonly x: number;
  readonly width: number;
}

const LEAST_PX = 4;

/** Bands of a plot over the hours that could not be read, at least 4 px wide. */
export function missingBands(
  missing: readonly { readonly from: number; readonly to: number }[],
  bars: readonly Bar[],
  scale: BarScale,
): MissingBand[] {
  const at = (instant: number): number => {
    const index = bars.findIndex(({ to }) => instant < to);
    const bar = bars[index];
    if (bar === undefined) return scale.at(bars.length);
    return scale.at(index + Math.max(0, instant - bar.from) / (bar.to - bar.from));
  };
  return missing.map(({ from, to }) => {
    const [start, end] = [at(from), at(to)];
    const width = Math.max(LEAST_PX, end - start);
    return { x: Math.max(0, Math.min(start, scale.w - width)), width };
  });
}
