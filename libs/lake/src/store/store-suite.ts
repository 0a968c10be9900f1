import { CONDITIONAL_CASES } from './suite/conditional-cases.js';
import { LISTING_CASES, READING_CASES } from './suite/reading-cases.js';
import type { StoreCase } from './suite/store-case.js';
import { WRITING_CASES } from './suite/writing-cases.js';

export type { StoreCase, StoreUnderTest } from './suite/store-case.js';

/**
 * What every `LakeStore` must do. Each case gets a place of its own; a test runner runs each case as one test.
 *
 * @example for (const { name, run } of STORE_CASES) it(name, async () => run(await freshPlace()));
 */
export const STORE_CASES: readonly StoreCase[] = [
  ...READING_CASES,
  ...WRITING_CASES,
  ...LISTING_CASES,
  ...CONDITIONAL_CASES,
];
