import { DAY_MS, snowflakeTime } from '@analytica/domain';
import { rejected, type Rejected } from './draft.js';

const EARLIEST = Date.UTC(2006, 0, 1);
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** `Wed Jul 03 06:29:00 +0000 2019` */
const V1_TIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

export function parseV1Time(value: string): number | null {
  const parts = V1_TIME.exec(value);
  if (parts === null) return null;
  const month = MONTHS.indexOf(parts[1] ?? '?');
  if (month < 0 || month % 3 !== 0) return null;
  const [day, hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4]), Number(parts[5])];
  const time = new Date(Date.UTC(Number(parts[6]), month / 3, day, hour, minute, second));
  // Date.UTC carries 31 February over into March: such a date is a mistake, not a time.
  return time.getUTCDate() === day && hour < 24 && minute < 60 && second < 61 ? time.getTime() : null;
}

export function parseIsoTime(value: string): number | null {
  if (!ISO_TIME.test(value)) return null;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return null;
  // Date.parse carries 31 February over as well.
  return new Date(time).getUTCDate() === Number(value.slice(8, 10)) ? time : null;
}

/** An instant of RFC 3339 in UTC as µs since 1970, its digits beyond the sixth left out; null where it is none. */
export function isoMicroseconds(value: unknown): number | null {
  const ms = typeof value === 'string' ? parseIsoTime(value) : null;
  if (ms === null) return null;
  const digits = /\.(\d+)Z$/.exec(String(value))?.[1] ?? '';
  return Math.floor(ms / 1000) * 1_000_000 + Number(digits.padEnd(6, '0').slice(0, 6));
}

/** X's own time of a post, else the one in its id. */
export function xTime(
  createdAt: unknown,
  id: string,
  parse: (value: string) => number | null,
  arrivedAt: number,
): number | Rejected {
  if (createdAt === undefined || createdAt === null) {
    const time = snowflakeTime(id);
    return time === null ? rejected('no time: created_at is missing and the id holds none') : credible(time, arrivedAt);
  }
  const time = typeof createdAt === 'string' ? parse(createdAt) : null;
  return time === null ? rejected('created_at is not a time') : credible(time, arrivedAt);
}

/** Refuses a time that no post can have: before 2006, or more than a day after it arrived. */
export function credible(time: number, arrivedAt: number): number | Rejected {
  if (time < EARLIEST) return rejected('created_at is before 2006');
  if (time > arrivedAt + DAY_MS) return rejected('created_at is more than a day after arrival');
  return time;
}

/** The time of a retweet's original, where it says one that a post can have: a wrong one is no reason to lose the retweet. */
export function originalTime(
  createdAt: unknown,
  id: string,
  parse: (value: string) => number | null,
  arrivedAt: number,
): number | null {
  const time = xTime(createdAt, id, parse, arrivedAt);
  return typeof time === 'number' ? time : null;
}

const OFFSET_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)$/;
const MILLISECONDS = /^\d{12,14}$/;

/** An event's own time: RFC 3339, or epoch milliseconds; its arrival where that is absent or no time that a post could have. */
export function eventTime(value: unknown, arrivedAt: number): number {
  const time = parseEventTime(value);
  if (time === null) return arrivedAt;
  const known = credible(time, arrivedAt);
  return typeof known === 'number' ? known : arrivedAt;
}

function parseEventTime(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string') return null;
  if (MILLISECONDS.test(value)) return Number(value);
  const [, local, offset] = OFFSET_TIME.exec(value) ?? [];
  if (local === undefined || offset === undefined || parseIsoTime(`${local}Z`) === null) return null;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const time = Date.parse(local + zone);
  return Number.isNaN(time) ? null : Math.floor(time);
}
