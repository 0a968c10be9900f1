import { DAY_MS } from '@analytica/domain';
import { type LocalTime, dateAndTime, dateText, localTime } from '../../core/format';
import { fromLocalInput } from '../../core/zoned-time';
import type { Bar } from './bar';

export interface Tick {
  /** In buckets from the start. */
  readonly at: number;
  /** Empty if it does not fit. */
  readonly label: string;
}

/** The room of a label, rounded up: Inter at 12 px, the line at its left and a space. */
const CHAR_PX = 6.6;
const PADDING_PX = 12;

const LONGEST_OF_DAYS = 16 * DAY_MS;
/** A label may reach this far into the margin of the page. */
const OVERHANG_PX = 8;

interface Level {
  /** The longest interval with such ticks, ms. */
  readonly upTo?: number;
  readonly begins: (t: LocalTime, at: number) => boolean;
  readonly label: (t: LocalTime) => string;
}

const two = (n: number): string => String(n).padStart(2, '0');
const midnight = (t: LocalTime): boolean => t.hour === 0 && t.minute === 0;
const dayName = (t: LocalTime): string => `${t.weekday} ${String(t.day)}`;
const date = (t: LocalTime): string => `${String(t.day)} ${t.month}`;
const monday = (t: LocalTime): boolean => midnight(t) && t.weekday === 'Mon';

const minutes = (step: number): Level => ({
  upTo: 4 * DAY_MS,
  begins: (t) => (t.hour * 60 + t.minute) % step === 0,
  label: (t) => (midnight(t) ? dayName(t) : `${two(t.hour)}:${two(t.minute)}`),
});

/** Finest first. The first level whose labels have room is used; if none has, ticks are months. */
const LEVELS: readonly Level[] = [
  ...[15, 30, 60, 120, 180, 360, 720].map(minutes),
  { upTo: LONGEST_OF_DAYS, begins: midnight, label: dayName },
  { upTo: 8 * DAY_MS, begins: midnight, label: (t) => t.weekday },
  { upTo: 190 * DAY_MS, begins: monday, label: date },
  { upTo: 190 * DAY_MS, begins: (t, at) => monday(t) && Math.round(at / (7 * DAY_MS)) % 2 === 0, label: date },
];
/** Months between two ticks, finest first. */
const MONTHS = [1, 3, 6, 12, 24, 60, 120];
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The finest ticks that have room: times, days, dates, months or years, each where it begins in the zone. */
export function ticks(bars: readonly Bar[], timeZone: string, width: number): Tick[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last || width <= 0) return [];
  const pitch = width / bars.length;
  const length = last.to - first.from;
  const starts = bars.map((bar, at) => ({ at, from: bar.from, local: localTime(bar.from, timeZone) }));

  for (const level of LEVELS) {
    if (length > (level.upTo ?? Infinity)) continue;
    const found = starts.filter((start) => level.begins(start.local, start.from));
    const made = found.map((start) => ({ at: start.at, label: level.label(start.local) }));
    if (made.length === 0 || !haveRoom(made, pitch)) continue;
    const begin = localTime(first.from, timeZone);
    return fitToEdges(made, length > LONGEST_OF_DAYS ? date(begin) : dayName(begin), pitch, width);
  }
  for (const every of MONTHS) {
    const made = monthTicks(bars, timeZone, every);
    if (made.length > 0 && haveRoom(made, pitch)) {
      const { month, year } = localTime(first.from, timeZone);
      return fitToEdges(made, every < 12 ? `${month} ${String(year)}` : String(year), pitch, width);
    }
  }
  return [{ at: 0, label: length < DAY_MS ? dateAndTime(first.from, timeZone) : dateText(first.from, timeZone) }];
}

function monthTicks(bars: readonly Bar[], timeZone: string, every: number): Tick[] {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return [];
  const from = localTime(first.from, timeZone);
  const to = localTime(last.to - 1, timeZone);
  const index = (t: LocalTime): number => t.year * 12 + MONTH_NAMES.findIndex((name) => t.month.startsWith(name));
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

const widthOf = (label: string): number => label.length * CHAR_PX + PADDING_PX;

function haveRoom(made: readonly Tick[], pitch: number): boolean {
  return made.every((tick, i) => {
    const next = made[i + 1];
    return !next || (next.at - tick.at) * pitch >= widthOf(tick.label);
  });
}

/** Adds the beginning of the interval if it has room before the first tick, and empties a label that the edge would cut. */
function fitToEdges(made: readonly Tick[], begin: string, pitch: number, width: number): Tick[] {
  const inside = made.map((tick) =>
    tick.at * pitch + widthOf(tick.label) - PADDING_PX / 2 > width + OVERHANG_PX ? { ...tick, label: '' } : tick,
  );
  return (made[0]?.at ?? Infinity) * pitch >= widthOf(begin) ? [{ at: 0, label: begin }, ...inside] : inside;
}
