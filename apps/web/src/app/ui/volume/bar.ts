import { DAY_MS, HOUR_MS } from '@analytica/domain';
import { clockTime, dateAndTime, dateText, dateWithYear, localTime } from '../../core/format';

/** One bucket of the chart, `[from, to)` in epoch ms. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** The interval cuts off a part of the bucket. */
  readonly cut: boolean;
  /** Not read yet. */
  readonly waiting: boolean;
  /** Posts of the bucket cannot be read, some or all. */
  readonly missing: boolean;
}

/** What is said of a bar whose posts cannot be read: of one without any that they are missing, else that some are. */
export function missingNote({ missing, value }: Pick<Bar, 'missing' | 'value'>): string | null {
  if (!missing) return null;
  return value === 0 ? 'missing' : 'posts are missing';
}

/** The label of a bar: "Thu 19 Nov, 18:00", "Thu 19 Nov" for a whole day; weeks and months have the year. */
export function barLabel(bar: Bar, timeZone: string): string {
  const length = bar.to - bar.from;
  if (length >= 26 * DAY_MS) {
    const { month, year } = localTime(bar.from, timeZone);
    return `${month} ${String(year)}`;
  }
  if (length > 26 * HOUR_MS) return `${dateText(bar.from, timeZone)} – ${dateWithYear(bar.to - 1, timeZone)}`;
  return length >= 23 * HOUR_MS && clockTime(bar.from, timeZone) === '00:00'
    ? dateText(bar.from, timeZone)
    : dateAndTime(bar.from, timeZone);
}
