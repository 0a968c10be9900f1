/** Where ngx-charts' bar-vertical draws its bars. */
export interface BarScale {
  /** Number of bars. */
  readonly n: number;
  /** Width of the plot, px. */
  readonly w: number;
  /** From one bar's left edge to the next, px. */
  readonly step: number;
  /** Width of a bar on the screen, px. */
  readonly drawn: number;
  /** The factor from the library's rounded width of a bar to `drawn`. */
  readonly scale: number;
  /** Left edge of bar i, px. */
  x(i: number): number;
  /** Middle of bar i, px. */
  mid(i: number): number;
  /** Position of a moment given in buckets from the start. Buckets meet in the middle of the gap. */
  at(moment: number): number;
  /** The bar at a position. */
  index(px: number): number;
}

const DRAWN = 0.8;

/** The library's own scale: `scaleBand().range([0, w]).paddingInner(n / (w / barPadding + 1))`, no outer padding. */
export function barScale(n: number, w: number, barPadding = 1): BarScale {
  const padding = Math.min(1, n / (w / barPadding + 1));
  const step = w / Math.max(1, n - padding);
  // The library rounds a bar's width, not its x, so gaps would wander between 0.5 and 1.5 px.
  const rounded = Math.max(1, Math.round(step * (1 - padding)));
  const drawn = DRAWN * step;
  const gap = step - drawn;
  const left = (w - step * (n - padding)) / 2; // a lone bar is centred, all others begin at 0
  return {
    n,
    w,
    step,
    drawn,
    scale: drawn / rounded,
    x: (i) => left + i * step,
    mid: (i) => left + i * step + drawn / 2,
    at: (moment) => Math.min(w, Math.max(0, moment * step - gap / 2)),
    index: (px) => Math.min(n - 1, Math.max(0, Math.floor((px + gap / 2) / step))),
  };
}

const FACTORS = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 12];

/** The top of the axis: the least round number from `value` on whose quarters are whole; at least 4. */
export function axisMax(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  const tops = FACTORS.map((factor) => Math.round(factor * power));
  return tops.find((top) => top >= value && top % 4 === 0) ?? 20 * power;
}
