import { clock, day, dayTime, weekdayDay } from '../../core/format';

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

/** How a bar is called: "Thu 19 Nov, 18:00", of whole days "Thu 19 Nov". */
export function barLabel(bar: Bar, timeZone: string): string {
  return bar.to - bar.from >= 23 * HOUR && clock(bar.from, timeZone) === '00:00'
    ? day(bar.from, timeZone)
    : dayTime(bar.from, timeZone);
}

export interface Tick {
  /** In buckets from the start. */
  readonly at: number;
  readonly label: string;
}

const MIN_TICK_PX = 44;

/** Days, or hours of a short interval, where they begin; as many as have room. */
export function ticks(bars: readonly Bar[], timeZone: string, width: number): Tick[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last || width <= 0) return [];
  const long = last.to - first.from > 36 * HOUR;
  const starts: Tick[] = [{ at: 0, label: long ? weekdayDay(first.from, timeZone) : dayTime(first.from, timeZone) }];
  bars.forEach((bar, at) => {
    if (at === 0) return;
    const time = clock(bar.from, timeZone);
    if (long ? time === '00:00' : time.endsWith(':00')) {
      starts.push({ at, label: long ? weekdayDay(bar.from, timeZone) : time });
    }
  });
  const pitch = width / bars.length;
  const room = (tick: Tick): number => Math.max(MIN_TICK_PX, tick.label.length * 6 + 8) / pitch;
  const kept: Tick[] = [];
  let free = 0;
  // Every n-th only, so that the ticks that stay are evenly spread.
  const every = Math.max(1, Math.ceil((MIN_TICK_PX / pitch) * (Math.max(1, starts.length - 1) / bars.length)));
  starts.forEach((tick, i) => {
    if (i !== 0 && (i - 1) % every !== 0) return;
    if (tick.at < free) {
      if (kept.length === 1 && i > 0) kept[0] = { at: 0, label: '' };
      else return;
    }
    kept.push(tick);
    free = tick.at + room(tick);
  });
  return kept;
}
