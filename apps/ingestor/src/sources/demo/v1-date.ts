import { MINUTE_MS, SECOND_MS } from '@analytica/domain';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number) => (n < 10 ? `0${String(n)}` : String(n));

let prefixMinute = -1;
let prefix = '';
let suffix = '';

/** `Wed Jul 03 06:29:00 +0000 2019`: v1.1's form of a time, to the second. */
export function v1Date(t: number): string {
  const minute = Math.floor(t / MINUTE_MS);
  if (minute !== prefixMinute) {
    const date = new Date(minute * MINUTE_MS);
    prefix = `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${two(date.getUTCDate())} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:`;
    suffix = ` +0000 ${String(date.getUTCFullYear())}`;
    prefixMinute = minute;
  }
  return prefix + two(Math.floor((t - minute * MINUTE_MS) / SECOND_MS)) + suffix;
}
