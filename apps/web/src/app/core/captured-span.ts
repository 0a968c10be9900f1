import { DAY_MS, MINUTE_MS } from '@analytica/domain';
import { dateWithYear, durationText } from './format';

/** When the newest of the posts that came in last was written, epoch ms; null if none came in. */
export function newestPostTime(capture: { readonly recent: readonly { readonly createdAt: string }[] }): number | null {
  return capture.recent.length === 0 ? null : Math.max(...capture.recent.map((post) => Date.parse(post.createdAt)));
}

/** "captured over the last 7 days"; for older posts the days on which they were written. */
export function capturedSpanText(oldest: number, newest: number | null, timeZone: string, now: number): string {
  const first = dateWithYear(oldest, timeZone);
  if (newest === null) return `written since ${first}`;
  if (now - newest < DAY_MS) return `captured over the last ${durationText(Math.max(MINUTE_MS, now - oldest))}`;
  const last = dateWithYear(newest, timeZone);
  return first === last ? `written on ${first}` : `written from ${first} to ${last}`;
}
