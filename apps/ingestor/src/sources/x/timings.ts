import { MINUTE_MS, SECOND_MS } from '@analytica/domain';

/** Times of X's documentation, all in ms; tests shorten them. */
export interface XTimings {
  /** X sends a keep-alive at least every 20 s: after so long without a byte the connection is dead. */
  readonly stallMs: number;
  /** Until X has answered a request. */
  readonly answerMs: number;
  /** Network errors: so much more for each attempt, up to `networkMaxMs`. */
  readonly networkStepMs: number;
  readonly networkMaxMs: number;
  /** HTTP errors: doubled for each attempt, up to `httpMaxMs`. */
  readonly httpFirstMs: number;
  readonly httpMaxMs: number;
  /** HTTP 429: doubled for each attempt, up to `rateMaxMs`, and not before the limit resets. */
  readonly rateFirstMs: number;
  readonly rateMaxMs: number;
  /** A connection that broke sooner than this counts as a failed attempt from the second time on. */
  readonly steadyMs: number;
  /** X allows 50 connects in this time. */
  readonly connectsWindowMs: number;
  /** A consumer that was away for longer no longer knows when the bytes that it finds came. */
  readonly behindMs: number;
  /** Between two looks at the usage while its limit is reached. */
  readonly limitCheckMs: number;
}

export const X_TIMINGS: XTimings = {
  stallMs: 21 * SECOND_MS,
  answerMs: 21 * SECOND_MS,
  networkStepMs: 250,
  networkMaxMs: 16 * SECOND_MS,
  httpFirstMs: 5 * SECOND_MS,
  httpMaxMs: 320 * SECOND_MS,
  rateFirstMs: MINUTE_MS,
  rateMaxMs: 15 * MINUTE_MS,
  steadyMs: 20 * SECOND_MS,
  connectsWindowMs: 15 * MINUTE_MS,
  behindMs: 5 * SECOND_MS,
  limitCheckMs: MINUTE_MS,
};
