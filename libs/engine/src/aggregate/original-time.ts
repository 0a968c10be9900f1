import { SECOND_MS, snowflakeTime } from '@analytica/domain';

const SNOWFLAKE = /^\d{1,19}$/;

/** What a retweet says of when its original was created. Times are epoch ms. */
export interface RetweetTimes {
  readonly source: string;
  /** The original's id. */
  readonly retweetOf: string;
  /** As the platform stated it; NaN where it did not. */
  readonly stated: number;
  /** When the retweet was created. */
  readonly created: number;
}

/** The second in which a retweet's original was created, as far as the retweet says it, else when the retweet was (rule 24). */
export function originalTime({ source, retweetOf, stated, created }: RetweetTimes): number {
  if (!Number.isNaN(stated)) return wholeSecond(stated);
  const told = source !== 'bluesky' && SNOWFLAKE.test(retweetOf) ? snowflakeTime(retweetOf) : null;
  return told === null ? created : wholeSecond(told);
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
