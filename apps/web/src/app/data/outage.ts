import { MINUTE_MS, SECOND_MS } from '@analytica/domain';

/** Why there is no answer yet, and when the question is asked again. */
export interface Outage {
  readonly code: string;
  readonly reason: string;
  /** When the question was asked, epoch ms, oldest first. */
  readonly attempts: readonly number[];
  /** When it is asked again by itself, epoch ms; null if it is not. */
  readonly retryAt: number | null;
}

/** Milliseconds until the next attempt: 5 s, 10 s, 20 s, 40 s, then a minute. */
export function retryDelay(attempts: number): number {
  return Math.min(MINUTE_MS, 5 * SECOND_MS * 2 ** (attempts - 1));
}
