import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, parseTimeZone } from '@analytica/domain';

// Numbers and times as text: in English, with a 24-hour clock.

const WHOLE = new Intl.NumberFormat('en', { useGrouping: 'always', maximumFractionDigits: 0 });
const ONE = new Intl.NumberFormat('en', { useGrouping: 'always', maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** 38,955 */
export function wholeNumber(value: number): string {
  return WHOLE.format(value);
}

/** "1 post", "2 posts"; `plural` where an s is not enough. */
export function countOf(value: number, one: string, plural = `${one}s`): string {
  return `${wholeNumber(value)} ${value === 1 ? one : plural}`;
}

/** One decimal below 100: 3.8, 214 */
export function oneDecimal(value: number): string {
  return value >= 100 ? WHOLE.format(value) : ONE.format(value);
}

/** Up to six digits in full, else three significant ones: 61.5 M */
export function compact(value: number): string {
  if (value < 1_000_000) return wholeNumber(value);
  return COMPACT.format(value).replace(/([A-Z])$/, ' $1');
}

/** For a narrow cell: 876, 1.6k */
export function abbreviated(value: number): string {
  if (value < 10) return ONE.format(value);
  if (value < 1_000) return WHOLE.format(value);
  return `${ONE.format(value / 1_000)}k`;
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 12 bytes, 3.4 MiB, 10 GiB */
export function byteText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${oneDecimal(bytes / 1024 ** power)} ${BYTE_UNITS[power] ?? ''}`;
}

/** 3.8 s, 420 ms, 2 min */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${wholeNumber(Math.max(0, ms))} ms`;
  if (ms < MINUTE_MS) return `${oneDecimal(ms / SECOND_MS)} s`;
  const minutes = Math.round(ms / MINUTE_MS);
  return minutes < 120 ? `${wholeNumber(minutes)} min` : longDurationText(minutes / 60);
}

/** How long something lasted, to the minute where that is longer: 45 s, 19 min, 2 h 30 min, 3 d 4 h */
export function lengthText(ms: number): string {
  if (ms < MINUTE_MS) return durationText(ms);
  const minutes = Math.round(ms / MINUTE_MS);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  const parts =
    days > 0 ? [[days, 'd'] as const, [hours, 'h'] as const] : [[hours, 'h'] as const, [minutes % 60, 'min'] as const];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${wholeNumber(count)} ${unit}`)
    .join(' ');
}

function longDurationText(hours: number): string {
  return hours < 48 ? `${wholeNumber(Math.round(hours))} h` : `${wholeNumber(Math.round(hours / 24))} days`;
}

/** The age of a post: 14 s, 3 min, 5 h, 4 d */
export function ageText(from: number, now: number): string {
  const age = Math.max(0, Math.round((now - from) / SECOND_MS)) * SECOND_MS;
  if (age < MINUTE_MS) return `${wholeNumber(age / SECOND_MS)} s`;
  if (age < HOUR_MS) return `${wholeNumber(Math.floor(age / MINUTE_MS))} min`;
  if (age < DAY_MS) return `${wholeNumber(Math.floor(age / HOUR_MS))} h`;
  return `${wholeNumber(Math.floor(age / DAY_MS))} d`;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = timeZone + JSON.stringify(options);
  let format = formats.get(key);
  if (!format)
    formats.set(key, (format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options })));
  return format;
}

type Parts = Partial<Record<Intl.DateTimeFormatPartTypes, string>>;
function parts(at: number, timeZone: string): Parts {
  const format = dateFormat(timeZone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
}

/** An instant as calendar and clock of a zone show it. */
export interface LocalTime {
  readonly weekday: string;
  readonly day: number;
  readonly month: string;
  readonly year: number;
  readonly hour: number;
  readonly minute: number;
}

export function localTime(at: number, timeZone: string): LocalTime {
  const p = parts(at, timeZone);
  return {
    weekday: p.weekday ?? '',
    day: Number(p.day),
    month: p.month ?? '',
    year: Number(p.year),
    hour: Number(p.hour),
    minute: Number(p.minute),
  };
}

/** 14:32 */
export function clockTime(at: number, timeZone: string): string {
  const p = parts(at, timeZone);
  return `${p.hour}:${p.minute}`;
}

/** 14:32:07 */
export function clockTimeWithSeconds(at: number, timeZone: string): string {
  return `${clockTime(at, timeZone)}:${parts(at, timeZone).second}`;
}

/** Mon 16 */
export function weekdayAndDay(at: number, timeZone: string): string {
  const p = parts(at, timeZone);
  return `${p.weekday} ${p.day}`;
}

/** Mon 16 Nov */
export function dateText(at: number, timeZone: string): string {
  return `${weekdayAndDay(at, timeZone)} ${parts(at, timeZone).month}`;
}

/** Mon 16 Nov, 14:32 */
export function dateAndTime(at: number, timeZone: string): string {
  return `${dateText(at, timeZone)}, ${clockTime(at, timeZone)}`;
}

/** Wed 3 Jul 2019 */
export function dateWithYear(at: number, timeZone: string): string {
  return `${dateText(at, timeZone)} ${String(localTime(at, timeZone).year)}`;
}

/** 3 Jul 2019 */
export function shortDate(at: number, timeZone: string): string {
  const { day, month, year } = localTime(at, timeZone);
  return `${String(day)} ${month} ${String(year)}`;
}

/** Mon 16 Nov, 14:32 – Mon 23 Nov, 14:32; with years unless both are in the year of `now`. */
export function intervalText(from: number, to: number, timeZone: string, now = Date.now()): string {
  const dayOf = areInYearOf(now, [from, to], timeZone) ? dateText : dateWithYear;
  return [from, to].map((at) => `${dayOf(at, timeZone)}, ${clockTime(at, timeZone)}`).join(' – ');
}

/** 16 Nov 14:32 – 23 Nov 14:32, for a phone. */
export function shortIntervalText(from: number, to: number, timeZone: string, now = Date.now()): string {
  const withYear = !areInYearOf(now, [from, to], timeZone);
  return [from, to]
    .map((at) => {
      const { day, month, year } = localTime(at, timeZone);
      return `${String(day)} ${month} ${withYear ? `${String(year)}, ` : ''}${clockTime(at, timeZone)}`;
    })
    .join(' – ');
}

function areInYearOf(now: number, moments: readonly number[], timeZone: string): boolean {
  const { year } = localTime(now, timeZone);
  return moments.every((at) => localTime(at, timeZone).year === year);
}

/** Rome time, UTC */
export function timeZoneText(timeZone: string): string {
  if (/^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/.test(timeZone)) return 'UTC';
  const city = timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
  return `${city} time`;
}

/** The IANA time zone of this browser; UTC if the browser has none. */
export function viewerZone(): string {
  const zone = parseTimeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  return zone.ok ? zone.timeZone : 'UTC';
}

/** Mon … Sun */
export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
/** 00 … 23 */
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
