import { DAY_MS, type Interval, MINUTE_MS } from '@analytica/domain';
import { clockTime, dateAndTime, dateText, durationText, localTime } from '../core/format';
import type { UncapturedTime } from './not-captured';

/** So many reasons are given for one bucket; of more the rest is counted. */
const NAMED = 3;

/** "No capture 02:10–04:40": what stands on the hatching of a time of the interval that was asked about. */
export function gapLabel(span: Interval, interval: Interval, goesOn: boolean, timeZone: string): string {
  const beginsWithin = span.from > interval.from;
  const endsWithin = !goesOn && span.to < interval.to;
  const at = interval.to - interval.from > DAY_MS ? weekdayAndTime : clockTime;
  if (!beginsWithin) return endsWithin ? `No capture before ${at(span.to, timeZone)}` : 'No capture';
  if (goesOn) return `No capture since ${at(span.from, timeZone)}`;
  return `No capture ${spanText(span, at, timeZone)}`;
}

/** Why a bucket lacks posts that were not captured: "02:10–04:40: Bluesky, disconnected"; the earliest first. */
export function gapReasons(
  bucket: Interval,
  interval: Interval,
  times: readonly UncapturedTime[],
  timeZone: string,
): string[] {
  const within = times
    .filter(({ from, to }) => from < bucket.to && to > bucket.from)
    .toSorted((a, b) => a.from - b.from);
  const more = within.length - NAMED;
  return [
    ...within
      .slice(0, NAMED)
      .map((time) => `${whenText(time, bucket, interval, timeZone)}: ${time.why ?? 'no source was switched on'}`),
    ...(more > 0 ? [`and ${String(more)} more`] : []),
  ];
}

function whenText(time: UncapturedTime, bucket: Interval, interval: Interval, timeZone: string): string {
  // The bucket's own day is said already.
  const isOfDay = (instant: number): boolean => dateText(instant, timeZone) === dateText(bucket.from, timeZone);
  const at = (instant: number): string => (isOfDay(instant) ? clockTime : dateAndTime)(instant, timeZone);
  if (time.goesOn) return `since ${at(time.from)}`;
  if (time.from <= interval.from) return `before ${at(time.to)}`;
  return spanText(time, at, timeZone);
}

/** 02:10–04:40; "02:10, 34 s" of less than a minute. */
function spanText({ from, to }: Interval, at: (instant: number, timeZone: string) => string, timeZone: string): string {
  if (to - from < MINUTE_MS) return `${at(from, timeZone)}, ${durationText(to - from)}`;
  if (dateText(from, timeZone) === dateText(to, timeZone)) return `${at(from, timeZone)}–${clockTime(to, timeZone)}`;
  return `${at(from, timeZone)} – ${at(to, timeZone)}`;
}

/** Sat, 02:10 */
function weekdayAndTime(instant: number, timeZone: string): string {
  return `${localTime(instant, timeZone).weekday}, ${clockTime(instant, timeZone)}`;
}
