import type { Gap } from '@analytica/domain/contracts';

/** A gap that is over. */
export interface ClosedGap {
  /** `[from, to)`, epoch ms. */
  readonly from: number;
  readonly to: number;
}

/**
 * The gaps that a search can refill.
 * @param source - whose gaps.
 * @param earliest - how far back search goes, epoch ms.
 * @param tried - where gaps begin that were refilled as far as search can.
 */
export function refillable(
  gaps: readonly Gap[],
  source: string,
  earliest: number,
  tried: readonly number[],
): readonly ClosedGap[] {
  return gaps.flatMap(({ from, to, status, cause, source: of }): ClosedGap[] => {
    // What nothing was spent on by choice is not bought afterwards.
    if (of !== source || status !== 'CLOSED' || cause === 'USAGE_LIMIT') return [];
    return to === null || to <= earliest || tried.includes(from) ? [] : [{ from, to }];
  });
}
