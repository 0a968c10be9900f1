import { DAY_MS } from '@analytica/domain';
import { localTime } from '../../core/format';
import { fromLocalInput } from '../../core/zoned-time';
import type { SourceCoverage } from '../../data/capture-coverage';

export const SHOWN_MS = 7 * DAY_MS;

/** A part of a strip, in percent of its width. */
export interface Part {
  readonly left: number;
  readonly width: number;
}

export interface Strip {
  readonly captured: readonly Part[];
  readonly gaps: readonly Part[];
  /** A part of the strip is neither. */
  readonly isOffAtTimes: boolean;
}

/** Less than this share of the strip is not seen, percent. */
const NOT_SEEN = 0.1;

/** Where a source captured, and where it did not though it was to, in the days up to `now`. */
export function stripOf({ captured, gaps }: SourceCoverage, now: number): Strip {
  const part = (span: { readonly from: string; readonly to: string | null }): Part[] => {
    const start = now - SHOWN_MS;
    const from = Math.max(start, Date.parse(span.from));
    const to = Math.min(now, span.to === null ? now : Date.parse(span.to));
    if (from >= to) return [];
    return [{ left: (100 * (from - start)) / SHOWN_MS, width: (100 * (to - from)) / SHOWN_MS }];
  };
  const shown = {
    captured: captured.flatMap(part),
    gaps: gaps.filter(({ isRefilled }) => !isRefilled).flatMap(part),
  };
  const known = [...shown.captured, ...shown.gaps].reduce((sum, { width }) => sum + width, 0);
  return { ...shown, isOffAtTimes: known < 100 - NOT_SEEN };
}

export interface DayTick {
  readonly left: number;
  readonly weekday: string;
  readonly day: number;
}

/** Each midnight of the zone in the days up to `now`. */
export function dayTicks(now: number, timeZone: string): readonly DayTick[] {
  const ticks: DayTick[] = [];
  for (let back = 0; back <= SHOWN_MS; back += DAY_MS) {
    const { year, month, day, weekday } = localTime(now - back, timeZone);
    const number = new Date(`${String(day)} ${month} ${String(year)} UTC`);
    const midnight = fromLocalInput(`${number.toISOString().slice(0, 10)}T00:00`, timeZone);
    if (midnight === null || midnight <= now - SHOWN_MS) continue;
    ticks.unshift({ left: (100 * (midnight - now + SHOWN_MS)) / SHOWN_MS, weekday, day });
  }
  return ticks;
}
