const EPOCH = 1_288_834_974_657;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An id that carries its own time, as X's do; `low` has 22 bits. */
export function snowflake(createdAt: number, low: number): string {
  return ((BigInt(createdAt - EPOCH) << 22n) | BigInt(low)).toString();
}

const two = (n: number) => (n < 10 ? `0${String(n)}` : String(n));

let prefixMinute = -1;
let prefix = '';
let suffix = '';

/** `Wed Jul 03 06:29:00 +0000 2019`: v1.1's form of a time, to the second. */
export function twitterDate(t: number): string {
  const minute = Math.floor(t / 60_000);
  if (minute !== prefixMinute) {
    const date = new Date(minute * 60_000);
    prefix = `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${two(date.getUTCDate())} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:`;
    suffix = ` +0000 ${String(date.getUTCFullYear())}`;
    prefixMinute = minute;
  }
  return prefix + two(Math.floor((t - minute * 60_000) / 1000)) + suffix;
}
