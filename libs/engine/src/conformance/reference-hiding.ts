import type { AuthorEvent, DeleteRow, DisplayPost, Post, PostEvent } from '@analytica/domain';
import { snowflakeTime } from '@analytica/domain';

export type HideEvent = AuthorEvent | PostEvent;

/** Rule 24, read literally: whether a row of the lake is hidden by what a lake has of deletes. */
export function isHidden(post: Post, rows: readonly DeleteRow[]): boolean {
  const own = rows.filter(({ source }) => source === post.source);
  if (own.some((row) => 'before' in row && row.id === post.id && isBefore(post.created_at, row.before))) return true;
  const original = post.retweet_of;
  if (original !== null && own.some((row) => 'before' in row && row.id === original && row.before === null))
    return true;
  const events = own.filter((row): row is HideEvent => 'hidden' in row);
  if (isPostHidden(events, post.id) || (original !== null && isPostHidden(events, original))) return true;
  if (isAuthorHidden(events, post.author_id, Date.parse(post.created_at))) return true;
  const author = post.retweet_of_author_id;
  return author !== null && isAuthorHidden(events, author, originalCreated(post));
}

function isBefore(created: string, before: string | null): boolean {
  return before === null || Date.parse(created) < Date.parse(before);
}

function isPostHidden(events: readonly HideEvent[], id: string): boolean {
  const own = events.filter((event) => 'id' in event && event.id === id);
  return statesOf(own).some((newest) => newest.hidden);
}

function isAuthorHidden(events: readonly HideEvent[], author: string, created: number): boolean {
  const own = events.filter((event): event is AuthorEvent => 'author_id' in event && event.author_id === author);
  return statesOf(own).some((newest) => newest.hidden && created <= Date.parse(newest.until));
}

/** The newest event of each state: of what is withheld, and of all else. Of two of one time the one that hides counts. */
function statesOf<E extends HideEvent>(events: readonly E[]): E[] {
  return [true, false].flatMap((withheld) => {
    const own = events.filter(({ reason }) => (reason === 'withheld') === withheld);
    return own
      .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || Number(b.hidden) - Number(a.hidden))
      .slice(0, 1);
  });
}

/** When a retweet's original was created, as far as the retweet says it, epoch ms. */
export function originalCreated({ retweet_of, retweet_of_created_at, created_at, source }: DisplayPost): number {
  const wholeSecond = (ms: number): number => ms - (ms % 1000);
  if (retweet_of_created_at !== null) return wholeSecond(Date.parse(retweet_of_created_at));
  const isSnowflake = source !== 'bluesky' && retweet_of !== null && /^\d{1,19}$/.test(retweet_of);
  const told = isSnowflake ? snowflakeTime(retweet_of) : null;
  return told === null ? Date.parse(created_at) : wholeSecond(told);
}
