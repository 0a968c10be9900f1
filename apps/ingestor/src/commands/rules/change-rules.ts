import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, SECOND_MS } from '@analytica/domain';
import { type RulesAnswer, type XApi, XApiError, type XRuleText } from '../../sources/x/x-api.js';
import type { RulesPlan } from './plan-rules.js';

/** Waits before a rule that was deleted for its new tag is added once more. */
const RETRIES_MS = [SECOND_MS, 3 * SECOND_MS, 10 * SECOND_MS];

/** What stopped a change of rules midway. */
export interface Unfinished {
  /** What X did not take, in its own words. */
  readonly refused: RulesAnswer['refused'];
  /** Why a request failed; null where X refused rules. */
  readonly failure: XApiError | null;
  /** Wanted rules that X does not have now; null where X could not be asked. */
  readonly missing: readonly XRuleText[] | null;
}

/**
 * Carries out a plan. What comes first comes before anything goes: no post is missed in between. A new tag needs its old rule gone.
 * @returns null where all of it was done.
 */
export async function changeRules(
  plan: RulesPlan,
  wanted: readonly XRuleText[],
  api: XApi,
  retriesMs: readonly number[] = RETRIES_MS,
): Promise<Unfinished | null> {
  const retagged = plan.retag.map(({ after }) => after);
  const leaving = [...plan.delete, ...plan.retag.map(({ before }) => before)];
  const steps = [
    () => api.addRules(plan.add, false),
    () => api.deleteRules(leaving, false),
    () => persistently(() => api.addRules(retagged, false), retriesMs),
  ];
  try {
    for (const step of steps) {
      const { refused } = await step();
      if (refused.length > 0) return { refused, failure: null, missing: await missingOf(wanted, api) };
    }
    return null;
  } catch (error) {
    if (!(error instanceof XApiError)) throw error;
    return { refused: [], failure: error, missing: await missingOf(wanted, api) };
  }
}

async function persistently<T>(request: () => Promise<T>, retriesMs: readonly number[]): Promise<T> {
  for (const wait of retriesMs) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
    }
    await sleep(wait);
  }
  return request();
}

async function missingOf(wanted: readonly XRuleText[], api: XApi): Promise<readonly XRuleText[] | null> {
  try {
    const present = new Set((await api.rules()).map(({ value }) => value));
    return wanted.filter(({ value }) => !present.has(value));
  } catch (error) {
    if (error instanceof XApiError) return null;
    throw error;
  }
}
