import { type Local, day, dayTime, local } from '../../core/format';
import { fromLocalInput } from '../../core/zoned-time';
import type { Bar } from './bars';

export interface Tick {
  /** In buckets from the start. */
  readonly at: number;
  /** Empty where it would not fit any more. */
  readonly label: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What a label takes, generously: Inter at 12 px, the line at its left and some air. */
const CHAR_PX = 6.6;
const AIR_PX = 12;

const LONGEST_OF_DAYS = 16 * DAY;
/** The page has a margin. */
const OVERHANG_PX = 8;

interface Level {
  /** Only of intervals at most this long, ms. */
  readonly upTo?: number;
  readonly begins: (t: Local, at: number) => boolean;
  readonly label: (t: Local) => string;
}

const two = (n: number): string => String(n).padStart(2, '0');
const midnight = (t: Local): boolean => t.hour === 0 && t.minute === 0;
const dayName = (t: Local): string => `${t.weekday} ${String(t.day)}`;
const date = (t: Local): string => `${String(t.day)} ${t.month}`;
const monday = (t: Local): boolean => midnight(t) && t.weekday === 'Mon';

const minutes = (step: number): Level => ({
  upTo: 4 * DAY,
  begins: (t) => (t.hour * 60 + t.minute) % step === 0,
  label: (t) => (midnight(t) ? dayName(t) : `${two(t.hour)}:${two(t.minute)}`),
});

/** Finest first: the first whose labels have room is used. Longer ones are months. */
const LEVELS: readonly Level[] = [
  ...[15, 30, 60, 120, 180, 360, 720].map(minutes),
  { upTo: LONGEST_OF_DAYS, begins: midnight, label: dayName },
  { upTo: 8 * DAY, begins: midnight, label: (t) => t.weekday },
  { upTo: 190 * DAY, begins: monday, label: date },
  { upTo: 190 * DAY, begins: (t, at) => monday(t) && Math.round(at / (7 * DAY)) % 2 === 0, label: date },
];
/** Every so many months. */
const MONTHS = [1, 3, 6, 12, 24, 60, 120];
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Times, days, dates, months or years where they begin in the zone: the finest that have room. */
export function ticks(bars: readonly Bar[], timeZone: string, width: number): Tick[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last || width <= 0) return [];
  const pitch = width / bars.length;
  const length = last.to - first.from;
  const starts = bars.map((bar, at) => ({ at, from: bar.from, local: local(bar.from, timeZone) }));

  for (const level of LEVELS) {
    if (length > (level.upTo ?? Infinity)) continue;
    const found = starts.filter((start) => level.begins(start.local, start.from));
    const made = found.map((start) => ({ at: start.at, label: level.label(start.local) }));
    if (made.length === 0 || !haveRoom(made, pitch)) continue;
    const begin = local(first.from, timeZone);
    return finish(made, length > LONGEST_OF_DAYS ? date(begin) : dayName(begin), pitch, width);
  }
  for (const every of MONTHS) {
    const made = monthTicks(bars, timeZone, every);
    if (made.length > 0 && haveRoom(made, pitch)) {
      const { month, year } = local(first.from, timeZone);
      return finish(made, every < 12 ? `${month} ${String(year)}` : String(year), pitch, width);
    }
  }
  return [{ at: 0, label: length < DAY ? dayTime(first.from, timeZone) : day(first.from, timeZone) }];
}

function monthTicks(bars: readonly Bar[], timeZone: string, every: number): Tick[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return [];
  const from = local(first.from, timeZone);
  const to = local(last.to - 1, timeZone);
  const index = (t: Local): number => t.year * 12 + MONTH_NAMES.findIndex((name) => t.month.startsWith(name));
  const made: Tick[] = [];
  for (let month = Math.ceil(index(from) / every) * every; month <= index(to); month += every) {
    const year = Math.floor(month / 12);
    const start = fromLocalInput(`${String(year).padStart(4, '0')}-${two((month % 12) + 1)}-01T00:00`, timeZone);
    if (start === null || start < first.from) continue;
    const bar = bars.findLastIndex((b) => b.from <= start);
    const { from, to } = bars[bar] ?? first;
    made.push({
      at: bar + (start - from) / (to - from), // a month may begin within a week
      label: month % 12 === 0 ? String(year) : (MONTH_NAMES[month % 12] ?? ''),
    });
  }
  return made;
}

const widthOf = (label: string): number => label.length * CHAR_PX + AIR_PX;

function haveRoom(made: readonly Tick[], pitch: number): boolean {
  return made.every((tick, i) => {
    const next = made[i + 1];
    return !next || (next.at - tick.at) * pitch >= widthOf(tick.label);
  });
}

/** With where the interval begins, if there is room before the first tick; without a label that the edge would cut. */
function finish(made: readonly Tick[], begin: string, pitch: number, width: number): Tick[] {
  const inside = made.map((tick) =>
    tick.at * pitch + widthOf(tick.label) - AIR_PX / 2 > width + OVERHANG_PX ? { ...tick, label: '' } : tick,
  );
  return (made[0]?.at ?? Infinity) * pitch >= widthOf(begin) ? [{ at: 0, label: begin }, ...inside] : inside;
}
