import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, SECOND_MS } from '@analytica/domain';
import { type RulesAnswer, type XApi, XApiError, type XRuleText } from '../../sources/x/x-api.js';
import { comingOf, leavingOf, planRules, type RulesPlan } from './plan-rules.js';

/** Waits before a rule that was deleted for its new tag is added once more. */
const RETRIES_MS = [SECOND_MS, 3 * SECOND_MS, 10 * SECOND_MS];

/** What stopped a change of rules midway. */
export interface Unfinished {
  /** What X did not take, in its own words. */
  readonly refused: RulesAnswer['refused'];
  /** Why a request failed; null where X refused rules. */
  readonly failure: XApiError | null;
  /** Wanted rules that X does not have now, by value and tag; null where X could not be asked. */
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
  const steps = [
    () => api.addRules(plan.add, false),
    () => api.deleteRules(leavingOf(plan), false),
    () => persistently(() => api.addRules(retagged, false), retriesMs),
  ];
  try {
    for (const step of steps) {
      const { refused } = await step();
      if (refused.length > 0) return await unfinished({ refused, failure: null }, wanted, api);
    }
    return null;
  } catch (error) {
    if (!(error instanceof XApiError)) throw error;
    return unfinished({ refused: [], failure: error }, wanted, api);
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

/** What is left to do. Nothing is where only an answer was lost. */
async function unfinished(
  why: Omit<Unfinished, 'missing'>,
  wanted: readonly XRuleText[],
  api: XApi,
): Promise<Unfinished | null> {
  try {
    const left = planRules(await api.rules(), wanted);
    const missing = comingOf(left);
    return missing.length === 0 && left.delete.length === 0 ? null : { ...why, missing };
  } catch (error) {
    if (error instanceof XApiError) return { ...why, missing: null };
    throw error;
  }
}
