import { DAY_MS, HOUR_MS, QUARTER_HOUR_MS } from '../time-units.js';
import { zoneOffset } from '../time-zone.js';
import type { Interval, IntervalCell } from './interval.js';

/**
 * Weekday (0 = Monday) by hour of the zone: `posts[weekday][hour]`, the hours that the interval has of each, and those of them that
 * were not captured (fractions allowed).
 */
export interface PeakHours {
  readonly posts: readonly (readonly number[])[];
  readonly coveredHours: readonly (readonly number[])[];
  readonly uncapturedHours: readonly (readonly number[])[];
}

/** Day 0 of the epoch was a Thursday; weekdays count from Monday. */
const DAYS_FROM_MONDAY = 3;

/**
 * Posts by weekday (Monday first) and hour of the zone, beside the hours of each that the interval covers, so that a
 * day on which the clocks change is weighed by the hours it had (rule 17).
 * @param notCaptured times of the interval that are not covered (rule 29), without overlap.
 * @param timeZone a zone that `parseTimeZone` takes; another throws RangeError.
 */
export function peakHours(
  cells: readonly IntervalCell[],
  interval: Interval,
  timeZone: string,
  notCaptured: readonly Interval[] = [],
): PeakHours {
  const offset = zoneOffset(timeZone);
  const slotOf = (instant: number): number => {
    const local = instant + offset(instant);
    const day = Math.floor(local / DAY_MS);
    const weekday = (((day + DAYS_FROM_MONDAY) % 7) + 7) % 7;
    return weekday * 24 + Math.floor((local - day * DAY_MS) / HOUR_MS);
  };

  const lengths = (spans: readonly Interval[]): number[][] => {
    const slots = new Float64Array(7 * 24);
    for (const { from, to } of spans) {
      for (let instant = from; instant < to;) {
        const next = Math.min((Math.floor(instant / QUARTER_HOUR_MS) + 1) * QUARTER_HOUR_MS, to);
        const slot = slotOf(instant);
        slots[slot] = (slots[slot] ?? 0) + (next - instant);
        instant = next;
      }
    }
    return byWeekday(slots, HOUR_MS);
  };

  const posts = new Float64Array(7 * 24);
  for (const cell of cells) {
    const slot = slotOf(cell.start);
    posts[slot] = (posts[slot] ?? 0) + cell.posts;
  }
  return {
    posts: byWeekday(posts, 1),
    coveredHours: lengths([interval]),
    uncapturedHours: lengths(notCaptured),
  };
}

function byWeekday(slots: Float64Array, unit: number): number[][] {
  return Array.from({ length: 7 }, (_, day) => Array.from(slots.subarray(day * 24, day * 24 + 24), (n) => n / unit));
}
