import { clock, day, dayTime, fullDay, local } from '../../core/format';

/** One bucket of the chart, `[from, to)` in epoch ms. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** Cut by the interval's end or beginning: not a whole bucket. */
  readonly cut: boolean;
  /** Not read yet. */
  readonly waiting: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How a bar is called: "Thu 19 Nov, 18:00"; of whole days "Thu 19 Nov", of weeks and months with the year. */
export function barLabel(bar: Bar, timeZone: string): string {
  const length = bar.to - bar.from;
  if (length >= 26 * DAY) {
    const { month, year } = local(bar.from, timeZone);
    return `${month} ${String(year)}`;
  }
  if (length > 26 * HOUR) return `${day(bar.from, timeZone)} – ${fullDay(bar.to - 1, timeZone)}`;
  return length >= 23 * HOUR && clock(bar.from, timeZone) === '00:00'
    ? day(bar.from, timeZone)
    : dayTime(bar.from, timeZone);
}
