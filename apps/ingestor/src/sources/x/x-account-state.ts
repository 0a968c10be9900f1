import { MINUTE_MS } from '@analytica/domain';
import type { SourceReport } from '@analytica/domain/contracts';
import type { SourceWarning } from '../source.js';
import type { XAccount } from './account.js';
import { type UsageLimits, XUsage } from './usage.js';
import { XApi, XApiError, type XRule } from './x-api.js';

/** X allows 50 requests for the usage and 450 for the rules in 15 minutes. */
const USAGE_EVERY_MS = 5 * MINUTE_MS;
const RULES_EVERY_MS = MINUTE_MS;

export interface RefreshTimes {
  readonly usageEveryMs: number;
  readonly rulesEveryMs: number;
}

/** What the sources of one X account share: its API, its usage and its rules, asked for now and then. */
export class XAccountState {
  readonly account: XAccount;
  readonly api: XApi;
  readonly usage: XUsage;
  readonly #times: RefreshTimes;
  #rules: readonly XRule[] | null = null;
  #usageAt = -Infinity;
  #rulesAt = -Infinity;
  #usageProblem: string | null = null;
  /** What is wrong with a rule, by its value. */
  readonly #ruleProblems = new Map<string, string>();

  /** @param now - epoch ms. */
  constructor(account: XAccount, limits: UsageLimits, now: () => number, times: Partial<RefreshTimes> = {}) {
    this.account = account;
    this.api = new XApi(account);
    this.usage = new XUsage(limits, now);
    this.#times = { usageEveryMs: USAGE_EVERY_MS, rulesEveryMs: RULES_EVERY_MS, ...times };
  }

  /** The rules of the filtered stream as they were last seen; null before. */
  get rules(): readonly XRule[] | null {
    return this.#rules;
  }

  /** How the rules stand in a status. */
  get ruleStatus(): SourceReport['rules'] {
    return (
      this.#rules?.map(({ value, tag }) => ({ value, tag, problem: this.#ruleProblems.get(value) ?? null })) ?? null
    );
  }

  /** Notes what is wrong with a rule; null for nothing. */
  noteRule(value: string, problem: string | null): void {
    if (problem === null) this.#ruleProblems.delete(value);
    else this.#ruleProblems.set(value, problem);
  }

  /** What a person should know of the usage, one sentence each. */
  get problems(): readonly string[] {
    return [this.usage.warning, this.#usageProblem].filter((sentence) => sentence !== null);
  }

  /** That most of what may be used is used, or all of it; null before. */
  get warning(): SourceWarning | null {
    const { warning: sentence, left } = this.usage;
    return sentence === null ? null : { sentence, cause: left === 0 ? 'usage limit reached' : 'usage limit near' };
  }

  /** Asks X how much was used, unless it was asked a short while ago. Never throws: our own count goes on. */
  async refreshUsage(): Promise<void> {
    if (performance.now() - this.#usageAt < this.#times.usageEveryMs) return;
    this.#usageAt = performance.now();
    try {
      this.usage.report(await this.api.usage());
      this.#usageProblem = null;
    } catch (error) {
      // Whoever set no limit need not know.
      const isTelling = this.usage.hasLimit && error instanceof XApiError && !error.retryable;
      this.#usageProblem = isTelling
        ? `X does not tell the usage of its API (${error.message}): the limit holds by our own count, which knows nothing of what other programs read.`
        : null;
    }
  }

  /** Asks X for the rules, unless it was asked a short while ago. Never throws: they are for the status. */
  async refreshRules(): Promise<void> {
    if (performance.now() - this.#rulesAt < this.#times.rulesEveryMs) return;
    this.#rulesAt = performance.now();
    try {
      this.#rules = await this.api.rules();
    } catch {
      // Those of before are still the best that is known.
    }
  }
}
