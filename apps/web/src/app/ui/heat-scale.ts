/** Quantile steps for the heat map. */
export interface HeatScale {
  /** Lower bounds of the steps, at most 7, rising. The first is the least value. */
  readonly bounds: readonly number[];
  /** 1 to 7. */
  readonly step: (value: number) => number;
}

const STEPS = 7;

/** Up to seven steps with about equally many cells each. Equal bounds become one, so that few values give few steps. */
export function heatScale(values: readonly number[]): HeatScale {
  const sorted = [...values].sort((a, b) => a - b);
  const bounds: number[] = [];
  for (let i = 0; i < STEPS; i += 1) {
    const bound = sorted[Math.floor((i * sorted.length) / STEPS)];
    if (bound !== undefined && (bounds.length === 0 || bound > (bounds.at(-1) ?? 0))) bounds.push(bound);
  }
  const offset = bounds.length > 1 ? STEPS - bounds.length : 0; // the highest step is always the deepest colour
  return {
    bounds,
    step: (value) => {
      const index = bounds.findLastIndex((bound) => value >= bound);
      return index <= 0 ? 1 : index + 1 + offset;
    },
  };
}

export interface HeatCell {
  readonly day: number;
  readonly hour: number;
  readonly posts: number;
  /** Posts per covered hour; null where the interval has no such hour. */
  readonly rate: number | null;
  readonly step: number;
  /** Whether it is one of the highest, whose value is always shown. */
  readonly high: boolean;
  /** What of its hours was not captured; of `all` there is no rate. */
  readonly missing: 'all' | 'part' | null;
}

/** How many of the highest cells show their value. */
const LABELLED = 6;

/** The cells of the heat map. All tables are `[weekday][hour]`, Monday first. */
export function heatCells(
  posts: readonly (readonly number[])[],
  covered: readonly (readonly number[])[],
  uncaptured: readonly (readonly number[])[] = [],
): { readonly cells: readonly (readonly HeatCell[])[]; readonly scale: HeatScale } {
  const missingIn = (day: number, hour: number): HeatCell['missing'] => {
    const hours = uncaptured[day]?.[hour] ?? 0;
    if (hours === 0) return null;
    return hours >= (covered[day]?.[hour] ?? 0) && posts[day]?.[hour] === 0 ? 'all' : 'part';
  };
  const rates = posts.map((row, day) =>
    row.map((count, hour) => {
      const hours = covered[day]?.[hour] ?? 0;
      return hours > 0 && missingIn(day, hour) !== 'all' ? count / hours : null;
    }),
  );
  const known = rates.flat().filter((rate) => rate !== null);
  const scale = heatScale(known);
  const threshold = [...known].sort((a, b) => b - a)[LABELLED - 1] ?? 0;
  let left = LABELLED;
  const cells = rates.map((row, day) =>
    row.map((rate, hour): HeatCell => {
      const high = rate !== null && rate > 0 && rate >= threshold && left > 0;
      if (high) left -= 1;
      return {
        day,
        hour,
        posts: posts[day]?.[hour] ?? 0,
        rate,
        step: rate === null ? 0 : scale.step(rate),
        high,
        missing: missingIn(day, hour),
      };
    }),
  );
  return { cells, scale };
}
