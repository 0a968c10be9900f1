import { parseTimeZone } from '@analytica/domain';

/** Numbers and times as text. English, 24-hour clock, a zone always named once. */

const WHOLE = new Intl.NumberFormat('en', { useGrouping: 'always', maximumFractionDigits: 0 });
const ONE = new Intl.NumberFormat('en', { useGrouping: 'always', maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** 38,955 */
export function num(value: number): string {
  return WHOLE.format(value);
}

/** "1 post", "2 posts"; `plural` where it is not one with an s. */
export function count(value: number, one: string, plural = `${one}s`): string {
  return `${num(value)} ${value === 1 ? one : plural}`;
}

/** One decimal where it says something: 3.8, 214 */
export function num1(value: number): string {
  return value >= 100 ? WHOLE.format(value) : ONE.format(value);
}

/** Six digits and fewer in full, else three significant ones: 61.5 M */
export function compact(value: number): string {
  if (value < 1_000_000) return num(value);
  return COMPACT.format(value).replace(/([A-Z])$/, ' $1');
}

/** For a narrow cell: 876, 1.6k */
export function short(value: number): string {
  if (value < 10) return ONE.format(value);
  if (value < 1_000) return WHOLE.format(value);
  return `${ONE.format(value / 1_000)}k`;
}

/** 3.8 s, 420 ms, 2 min */
export function duration(ms: number): string {
  if (ms < 1_000) return `${num(Math.max(0, ms))} ms`;
  if (ms < 60_000) return `${num1(ms / 1_000)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${num(minutes)} min` : spanDays(minutes / 60);
}

function spanDays(hours: number): string {
  return hours < 48 ? `${num(Math.round(hours))} h` : `${num(Math.round(hours / 24))} days`;
}

/** How long ago, for a post: 14 s, 3 min, 5 h, 4 d */
export function ago(from: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - from) / 1_000));
  if (seconds < 60) return `${num(seconds)} s`;
  if (seconds < 3_600) return `${num(Math.floor(seconds / 60))} min`;
  if (seconds < 86_400) return `${num(Math.floor(seconds / 3_600))} h`;
  return `${num(Math.floor(seconds / 86_400))} d`;
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

/** What a calendar and a clock on the wall show. */
export interface Local {
  readonly weekday: string;
  readonly day: number;
  readonly month: string;
  readonly year: number;
  readonly hour: number;
  readonly minute: number;
}

export function local(at: number, timeZone: string): Local {
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
export function clock(at: number, timeZone: string): string {
  const p = parts(at, timeZone);
  return `${p.hour}:${p.minute}`;
}

/** 14:32:07 */
export function clockSeconds(at: number, timeZone: string): string {
  return `${clock(at, timeZone)}:${parts(at, timeZone).second}`;
}

/** Mon 16 */
export function weekdayDay(at: number, timeZone: string): string {
  const p = parts(at, timeZone);
  return `${p.weekday} ${p.day}`;
}

/** Mon 16 Nov */
export function day(at: number, timeZone: string): string {
  return `${weekdayDay(at, timeZone)} ${parts(at, timeZone).month}`;
}

/** Mon 16 Nov, 14:32 */
export function dayTime(at: number, timeZone: string): string {
  return `${day(at, timeZone)}, ${clock(at, timeZone)}`;
}

/** Wed 3 Jul 2019: with the year */
export function fullDay(at: number, timeZone: string): string {
  return `${day(at, timeZone)} ${String(local(at, timeZone).year)}`;
}

/** Mon 16 Nov, 14:32 – Mon 23 Nov, 14:32; with years where they are not all this one. */
export function intervalText(from: number, to: number, timeZone: string, now = Date.now()): string {
  const dayOf = inYearOf(now, [from, to], timeZone) ? day : fullDay;
  return [from, to].map((at) => `${dayOf(at, timeZone)}, ${clock(at, timeZone)}`).join(' – ');
}

/** 16 Nov 14:32 – 23 Nov 14:32: the same for a phone. */
export function shortIntervalText(from: number, to: number, timeZone: string, now = Date.now()): string {
  const withYear = !inYearOf(now, [from, to], timeZone);
  return [from, to]
    .map((at) => {
      const { day: date, month, year } = local(at, timeZone);
      return `${String(date)} ${month} ${withYear ? `${String(year)}, ` : ''}${clock(at, timeZone)}`;
    })
    .join(' – ');
}

function inYearOf(now: number, moments: readonly number[], timeZone: string): boolean {
  const { year } = local(now, timeZone);
  return moments.every((at) => local(at, timeZone).year === year);
}

/** Rome time, UTC */
export function zoneText(timeZone: string): string {
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
