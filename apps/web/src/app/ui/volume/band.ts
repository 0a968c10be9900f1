/** Where ngx-charts' bar-vertical draws its bars. */
export interface Band {
  readonly n: number;
  readonly w: number;
  /** From one bar's left edge to the next, px. */
  readonly step: number;
  /** Width of a bar as it is seen, px. */
  readonly drawn: number;
  /** What a bar's rounded width must be multiplied by to be seen so. */
  readonly scale: number;
  /** Left edge of bar i. */
  x(i: number): number;
  mid(i: number): number;
  /** A moment, in buckets from the start: buckets meet in the middle of the gap. */
  at(moment: number): number;
  /** The bar under a pointer. */
  index(px: number): number;
}

const DRAWN = 0.8;

/** The library's own scale: `scaleBand().range([0, w]).paddingInner(n / (w / barPadding + 1))`, no outer padding. */
export function band(n: number, w: number, barPadding = 1): Band {
  const padding = Math.min(1, n / (w / barPadding + 1));
  const step = w / Math.max(1, n - padding);
  // The library rounds a bar's width, not its x, so gaps would wander between 0.5 and 1.5 px.
  const rounded = Math.max(1, Math.round(step * (1 - padding)));
  const drawn = DRAWN * step;
  const gap = step - drawn;
  return {
    n,
    w,
    step,
    drawn,
    scale: drawn / rounded,
    x: (i) => i * step,
    mid: (i) => i * step + drawn / 2,
    at: (moment) => Math.min(w, Math.max(0, moment * step - gap / 2)),
    index: (px) => Math.min(n - 1, Math.max(0, Math.floor((px + gap / 2) / step))),
  };
}

/** The least of 1, 2, 2.5, 4, 5, 8, 10 times a power of ten (and 4 at least) that holds `value`: a quarter of it is a round number. */
export function niceMax(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((f) => f * power >= value && Number.isInteger((f * power) / 4));
  return (factor ?? 10) * power;
}
