import { AppError } from '../app-error.js';
import { DAY_MS } from '../time-units.js';
import type { Interval } from './interval.js';

const MAX_YEARS = 20;
const MAX_LENGTH = MAX_YEARS * 365.25 * DAY_MS;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/**
 * An interval from two instants: ISO 8601 with a zone (`2026-03-29T00:00:00Z`), or epoch milliseconds.
 * @throws AppError INTERVAL_INVALID that says which of the two is wrong and why (`details.field`).
 */
export function parseInterval(asked: { readonly from: string | number; readonly to: string | number }): Interval {
  const from = parseInstant('from', asked.from);
  const to = parseInstant('to', asked.to);
  if (to < from) throw invalid('to', 'The interval ends before it starts: "to" must be later than "from".');
  if (to === from) throw invalid('to', 'The interval is empty: "to" is excluded and must be later than "from".');
  if (to - from > MAX_LENGTH) throw invalid('from', `The interval is longer than ${MAX_YEARS} years.`);
  return { from, to };
}

function parseInstant(field: 'from' | 'to', value: string | number): number {
  const instant = typeof value === 'number' ? value : isRealDate(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isSafeInteger(instant) || Math.abs(instant) > 8.64e15) {
    throw invalid(field, `"${field}" is not an instant. Write it as 2026-03-29T00:00:00Z, with its zone.`);
  }
  return instant;
}

/**
 * Whether a text is an ISO 8601 instant with a zone whose date exists: `Date.parse` takes 30 February for 2 March.
 * The time of day is left to `Date.parse`.
 */
export function isRealDate(value: string): boolean {
  const [, year, month, day] = INSTANT.exec(value) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

function invalid(field: 'from' | 'to', message: string): AppError {
  return new AppError('INTERVAL_INVALID', message, { details: { field } });
}
