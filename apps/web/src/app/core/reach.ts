import { duration, fullDay } from './format';

const DAY = 86_400_000;

/** When the newest post that is known of was written: of those that came in last. */
export function newestOf(capture: { readonly recent: readonly { readonly createdAt: string }[] }): number | null {
  return capture.recent.length === 0 ? null : Math.max(...capture.recent.map((post) => Date.parse(post.createdAt)));
}

/** "captured over the last 7 days"; of posts from another time, when they were written. */
export function reachText(oldest: number, newest: number | null, timeZone: string, now: number): string {
  const first = fullDay(oldest, timeZone);
  if (newest === null) return `written since ${first}`;
  if (now - newest < DAY) return `captured over the last ${duration(Math.max(60_000, now - oldest))}`;
  const last = fullDay(newest, timeZone);
  return first === last ? `written on ${first}` : `written from ${first} to ${last}`;
}
