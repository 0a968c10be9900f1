import { DAY_MS, HOUR_MS, QUARTER_HOUR_MS } from '../time-units.js';
import { zoneOffset } from '../time-zone.js';
import type { Interval, IntervalCell } from './interval.js';

/** Weekday (0 = Monday) by hour of the zone: `posts[weekday][hour]`, and the hours covered by the interval (fractions allowed). */
export interface PeakHours {
  readonly posts: readonly (readonly number[])[];
  readonly coveredHours: readonly (readonly number[])[];
}

/** Day 0 of the epoch was a Thursday; weekdays count from Monday. */
const DAYS_FROM_MONDAY = 3;

/**
 * Posts by weekday (Monday first) and hour of the zone, beside the hours of each that the interval covers, so that a
 * day on which the clocks change is weighed by the hours it had (rule 17).
 * @param timeZone a zone that `parseTimeZone` takes; another throws RangeError.
 */
export function peakHours(cells: readonly IntervalCell[], interval: Interval, timeZone: string): PeakHours {
  const offset = zoneOffset(timeZone);
  const slotOf = (instant: number): number => {
    const local = instant + offset(instant);
    const day = Math.floor(local / DAY_MS);
    const weekday = (((day + DAYS_FROM_MONDAY) % 7) + 7) % 7;
    return weekday * 24 + Math.floor((local - day * DAY_MS) / HOUR_MS);
  };

  const covered = new Float64Array(7 * 24);
  for (let instant = interval.from; instant < interval.to;) {
    const next = Math.min((Math.floor(instant / QUARTER_HOUR_MS) + 1) * QUARTER_HOUR_MS, interval.to);
    const slot = slotOf(instant);
    covered[slot] = (covered[slot] ?? 0) + (next - instant);
    instant = next;
  }

  const posts = new Float64Array(7 * 24);
  for (const cell of cells) {
    const slot = slotOf(cell.start);
    posts[slot] = (posts[slot] ?? 0) + cell.posts;
  }
  return { posts: byWeekday(posts, 1), coveredHours: byWeekday(covered, HOUR_MS) };
}

function byWeekday(slots: Float64Array, unit: number): number[][] {
  return Array.from({ length: 7 }, (_, day) => Array.from(slots.subarray(day * 24, day * 24 + 24), (n) => n / unit));
}
