import type { MissingBand } from './missing-bands';

/** A part of the plot, px. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A band with what may stand on it, the longest text first. */
export interface LabelledBand extends MissingBand {
  readonly labels: readonly string[];
}

/** The label of a band: its box, in whose middle the text stands. */
export interface BandLabel extends Box {
  readonly text: string;
}

/** What labels have to share the plot with. */
export interface PlotParts {
  readonly width: number;
  readonly height: number;
  /** Texts that are written already. */
  readonly texts: readonly Box[];
  readonly bars: readonly Box[];
}

const CHAR_PX = 6.4;
const LINE_PX = 16;
const APART_PX = 4;
/** Heights of the plot, as shares of it, at which a label may stand. */
const HEIGHTS = [0.22, 0.04, 0.4, 0.58];

/**
 * Labels of the bands of a plot, the widest band's first: the first of its texts that runs at some height neither into another text,
 * nor over a bar or another band, nor over the edge. A band without room for any has none: the text below the plot says all.
 */
export function bandLabels(bands: readonly LabelledBand[], plot: PlotParts): BandLabel[] {
  const labels: BandLabel[] = [];
  for (const band of bands.toSorted((a, b) => b.width - a.width)) {
    const others = bands.filter((other) => other !== band).map(({ x, width }) => columnOf(x, width, plot.height));
    const taken = [...plot.texts, ...plot.bars, ...labels, ...others];
    const places = band.labels.flatMap((text) => placesOf(text, band, plot));
    const label = places.find((place) => isFree(place, taken));
    if (label !== undefined) labels.push(label);
  }
  return labels;
}

function columnOf(left: number, width: number, height: number): Box {
  return { left, right: left + width, top: 0, bottom: height };
}

/** Where a text may stand on a band; nowhere if it is wider than the plot. */
function placesOf(text: string, { x, width }: MissingBand, plot: PlotParts): BandLabel[] {
  const half = (text.length * CHAR_PX) / 2 + APART_PX;
  if (2 * half > plot.width) return [];
  const middle = Math.min(plot.width - half, Math.max(half, x + width / 2));
  return HEIGHTS.map((share) => {
    const top = Math.round(plot.height * share);
    return { text, left: middle - half, right: middle + half, top, bottom: top + LINE_PX };
  });
}

function isFree(box: Box, others: readonly Box[]): boolean {
  return others.every(
    (other) => box.right <= other.left || box.left >= other.right || box.bottom <= other.top || box.top >= other.bottom,
  );
}
