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
  /** A part of the bucket, or all of it, was not captured. */
  readonly gap?: 'part' | 'whole' | null;
  /** Why it was not captured, and when. */
  readonly reasons?: readonly string[];
}

/**
 * What is said of a bar that lacks posts: that it was not captured, or that posts cannot be read; of one without any that they are
 * missing, else that some are.
 */
export function missingNote({ missing, gap, value }: Pick<Bar, 'missing' | 'gap' | 'value'>): string | null {
  if (gap === 'whole' && value === 0) return 'not captured';
  if (gap === 'part' || gap === 'whole') return 'not all captured';
  if (!missing) return null;
  return value === 0 ? 'missing' : 'posts are missing';
}

/** Whether a bar has no figure, because nothing of it was captured or can be read. */
export function lacksAll({ missing, gap, value }: Pick<Bar, 'missing' | 'gap' | 'value'>): boolean {
  return value === 0 && (missing || gap === 'whole');
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
