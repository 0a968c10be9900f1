import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@analytica/domain';

/** Times of X's recent search, all in ms; tests shorten them. */
export interface SearchTimings {
  /** Until what was posted can be found. */
  readonly settleMs: number;
  /** How much later than it was written a post may come in the stream. */
  readonly lateMs: number;
  /** Between two pages: X allows 450 in 15 minutes; and between two counts: 300. */
  readonly pageEveryMs: number;
  readonly countEveryMs: number;
  /** Between two looks for new rules and gaps. */
  readonly lookEveryMs: number;
  /** After an error: doubled each time, up to the longest. */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  /** After HTTP 429 that does not say when the limit resets. */
  readonly rateFirstMs: number;
  /** Until something that would have cost too much is looked at again. */
  readonly tooMuchMs: number;
  /** How far back search reaches, and how near to that one may go. */
  readonly windowMs: number;
  readonly windowMarginMs: number;
}

export const SEARCH_TIMINGS: SearchTimings = {
  settleMs: 30 * SECOND_MS,
  lateMs: MINUTE_MS,
  pageEveryMs: 2 * SECOND_MS,
  countEveryMs: 3 * SECOND_MS,
  lookEveryMs: 10 * SECOND_MS,
  retryFirstMs: 5 * SECOND_MS,
  retryMaxMs: 320 * SECOND_MS,
  rateFirstMs: MINUTE_MS,
  tooMuchMs: HOUR_MS,
  windowMs: 7 * DAY_MS,
  windowMarginMs: 2 * MINUTE_MS,
};
