import { DAY_MS, MAX_GAPS, snowflakeTime } from '@analytica/domain';
import type { SourceReport } from '@analytica/domain/contracts';
import type { CoverageEvent, Cursor, RawBatch, Source, SourceContext } from '../source.js';
import { PatientSearch, pause } from './patient-search.js';
import {
  afterPage,
  newJob,
  nextRequest,
  readSearchState,
  ruleKey,
  type SearchJob,
  type SearchReach,
  type SearchState,
  NEW_SEARCH,
  writeSearchState,
} from './search-job.js';
import { firstLack, searchProblem } from './search-query.js';
import { type ClosedGap, refillable } from './search-gaps.js';
import { days, figure, lineOf, short, times } from './texts.js';
import { SEARCH_TIMINGS, type SearchTimings } from './search-timings.js';
import type { XAccountState } from './x-account-state.js';
import { type SearchPage, XApiError, type XRule } from './x-api.js';

export interface XSearchOptions {
  readonly name: string;
  /** The source whose gaps are refilled. */
  readonly refills: string;
  readonly state: XAccountState;
  /** How far back each rule is read once; 0 for not at all. */
  readonly backfillDays: number;
  /** Posts in a month that may be read to refill gaps; null for none. */
  readonly refillMaxPosts: number | null;
  /** The arrival clock, epoch ms. */
  readonly now: () => number;
  readonly timings?: Partial<SearchTimings>;
}

const NO_PAGE: SearchPage = { body: {}, ids: [], nextToken: null };

/** What is read for one rule. */
interface Reading {
  readonly kind: 'backfill' | 'refill';
  readonly rule: XRule;
  readonly job: SearchJob;
  /** What was posted before, epoch ms, is not what was asked for. */
  readonly from: number;
}

interface Expected {
  readonly posts: number;
  readonly refused: readonly string[];
}

/**
 * Reads by X's recent search what each rule matched in the days before, and what the stream missed. It says what that costs before
 * it reads, stays within its limits, and goes on in the middle of a search after a restart.
 */
export function createXSearchSource(options: XSearchOptions): Source {
  return new XSearch(options);
}

class XSearch implements Source {
  readonly name: string;
  readonly postSource = 'x';
  readonly shiftMs = 0;
  readonly importName = null;
  readonly #options: XSearchOptions;
  readonly #account: XAccountState;
  readonly #timings: SearchTimings;
  readonly #search: PatientSearch;
  #context: SourceContext = { gaps: () => [], tell: () => undefined };
  #state: SearchState = NEW_SEARCH;
  #isStarted = false;
  /** What X's search, the work under way, and each gap are worth telling. */
  #trouble: string | null = null;
  #work: string | null = null;
  readonly #notes = new Map<string, string>();
  /** Posts that were counted as part of what is being read; after a restart, one that two rules match can count again. */
  readonly #counted = new Set<string>();
  /** When something that would cost too much, or that X does not take, is looked at again. */
  readonly #later = new Map<string, number>();

  constructor(options: XSearchOptions) {
    this.name = options.name;
    this.#options = options;
    this.#account = options.state;
    this.#timings = { ...SEARCH_TIMINGS, ...options.timings };
    this.#search = new PatientSearch(options.state.api, this.#timings, (problem) => (this.#trouble = problem));
  }

  attach(context: SourceContext): void {
    this.#context = context;
  }

  progress(): null {
    return null;
  }

  status(): SourceReport {
    const own = [this.#trouble, this.#work, ...this.#notes.values()].filter((sentence) => sentence !== null);
    return {
      state: this.#trouble !== null ? 'WAITING' : this.#isStarted ? 'LIVE' : 'STARTING',
      problems: [...own, ...this.#account.problems],
      lagMs: null,
      rules: this.#account.ruleStatus,
      usage: this.#account.usage.status,
    };
  }

  async *batches(resume: Cursor | null, signal: AbortSignal): AsyncGenerator<RawBatch> {
    this.#state = readSearchState(resume);
    this.#account.usage.restore(this.name, resume);
    signal.addEventListener('abort', () => this.#account.api.close(), { once: true });
    for (;;) {
      await this.#account.refreshUsage();
      await this.#account.refreshRules();
      const rules = this.#account.rules ?? (await this.#search.rules(signal));
      this.#isStarted = true;
      const searchable = rules.filter((rule) => this.#isSearchable(rule));
      if (this.#options.backfillDays > 0) yield* this.#backfill(searchable, signal);
      if (this.#options.refillMaxPosts !== null) yield* this.#refill(rules, searchable, signal);
      await pause(this.#timings.lookEveryMs, signal);
    }
  }

  #isSearchable(rule: XRule): boolean {
    const problem = searchProblem(rule);
    if (problem !== null) this.#account.noteRule(rule.value, `x-search leaves it out: ${problem}`);
    return problem === null;
  }

  /** Reads the past of each rule once, rules that are added later, too. */
  async *#backfill(rules: readonly XRule[], signal: AbortSignal): AsyncGenerator<RawBatch> {
    for (const rule of rules) {
      const key = ruleKey(rule.value);
      if (this.#state.backfilled.includes(key) || this.#isLater(key)) continue;
      const now = this.#now();
      const begun = this.#state.backfill?.rule === key ? this.#state.backfill : null;
      const job = begun ?? { ...newJob(now - this.#options.backfillDays * DAY_MS, now), rule: key };
      // What was posted until now can be found a little later; what comes from now on comes in the stream.
      await pause(job.to + this.#timings.settleMs - now, signal);
      const allowed = this.#account.usage.left;
      if (begun === null) {
        const { posts, refused } = await this.#expect([rule], job, signal);
        if (refused.length > 0) {
          this.#postpone(key);
          continue;
        }
        const what = `what the rule "${short(rule.value)}" matched in the last ${days(this.#options.backfillDays)}`;
        if (!this.#mayCost(key, what, posts, allowed)) continue;
      }
      const end = yield* this.#readRule({ kind: 'backfill', rule, job, from: job.from }, signal);
      this.#work = null;
      if (end === 'limit') return;
      // It goes on where it was, once X takes the rule again.
      if (end === 'refused') this.#postpone(key);
    }
  }

  /** Reads what the stream missed, oldest gap first. */
  async *#refill(rules: readonly XRule[], searchable: readonly XRule[], signal: AbortSignal): AsyncGenerator<RawBatch> {
    const { earliest } = this.#reach;
    for (const gap of refillable(this.#context.gaps(), this.#options.refills, earliest, this.#state.tried)) {
      const key = `gap ${String(gap.from)}`;
      if (this.#isLater(key) || this.#now() < gap.to + this.#timings.settleMs || searchable.length === 0) continue;
      if (this.#state.refill?.to !== gap.to) {
        const job = newJob(Math.max(gap.from - this.#timings.lateMs, this.#reach.earliest), gap.to);
        const { posts, refused } = await this.#expect(searchable, job, signal);
        if (!this.#mayCost(key, `what x-filtered missed ${times(gap)}`, posts, this.#refillLeft)) continue;
        this.#state = { ...this.#state, refill: { ...job, done: [...refused], failed: [...refused] } };
        this.#counted.clear();
      }
      for (const rule of searchable) {
        const job = this.#state.refill ?? newJob(gap.from, gap.to);
        if (job.done.includes(ruleKey(rule.value))) continue;
        const end = yield* this.#readRule({ kind: 'refill', rule, job, from: gap.from }, signal);
        if (end === 'limit') {
          this.#work = `x-search has stopped in the midst of what x-filtered missed ${times(gap)}: the limit, X_REFILL_MAX_POSTS, is reached. It goes on next month, or with a higher one after a new start.`;
          return;
        }
      }
      this.#work = null;
      yield this.#refilled(gap, key, rules);
    }
  }

  /** All that search gives has been read: whether that is all there was, depends on the rules. */
  #refilled(gap: ClosedGap, key: string, rules: readonly XRule[]): RawBatch {
    const { posts, failed } = this.#state.refill ?? newJob(0, 0);
    const lack = firstLack(rules, (rule) => failed.includes(ruleKey(rule.value)));
    if (lack !== null) {
      this.#notes.set(key, `What x-filtered missed ${times(gap)} came in part (${figure(posts)} posts): ${lack}.`);
    }
    const { earliest } = this.#reach;
    // Gaps that search does not reach are not looked at anyway.
    const tried = [...this.#state.tried.filter((from) => from >= earliest - this.#timings.windowMs), gap.from];
    this.#state = { ...this.#state, refill: null, tried: tried.slice(-MAX_GAPS) };
    const from = Math.max(gap.from, earliest);
    const refilled: CoverageEvent = { type: 'refilled', source: this.#options.refills, from, to: gap.to, posts };
    return this.#batch('search', [], lack === null && from < gap.to ? [refilled] : []);
  }

  /** Reads all pages of a rule from where its job is. */
  async *#readRule(
    { kind, rule, job: begun, from }: Reading,
    signal: AbortSignal,
  ): AsyncGenerator<RawBatch, 'done' | 'limit' | 'refused'> {
    const key = ruleKey(rule.value);
    let job: SearchJob = begun.rule === key ? begun : { ...begun, rule: key, next: null, oldest: null };
    for (;;) {
      const left = kind === 'refill' ? this.#refillLeft : this.#account.usage.left;
      if (left <= 0) return 'limit';
      const request = nextRequest(job, this.#reach);
      let page: SearchPage = NO_PAGE;
      let isRefused = false;
      try {
        if (request !== null) page = await this.#search.page({ query: rule.value, ...request }, request.token, signal);
        this.#account.noteRule(rule.value, null);
      } catch (error) {
        if (!(error instanceof XApiError)) throw error;
        if (request !== null && request.token !== null) {
          // X knows the page no more: what is left of the rule is asked for anew.
          job = { ...job, next: null };
          continue;
        }
        // X takes the query no more: it is named, and the others go on.
        this.#account.noteRule(rule.value, error.message);
        if (kind === 'backfill') return 'refused';
        isRefused = true;
      }
      this.#account.usage.count(this.name, page.ids);
      job = afterPage(job, request, page, (id) => this.#isNews(id, from));
      const isLast = job.next === null;
      if (isLast) job = { ...job, rule: null, done: [...job.done, key] };
      this.#note(kind, isRefused ? { ...job, failed: [...job.failed, key] } : job, page.ids.length);
      const lines = page.ids.length === 0 ? [] : [lineOf(page, rule)];
      yield this.#batch(kind === 'backfill' ? 'backfill' : 'search', lines, []);
      if (isLast) return isRefused ? 'refused' : 'done';
    }
  }

  /** Whether a post is of the time that was asked for, and was not found before. */
  #isNews(id: string, from: number): boolean {
    if ((snowflakeTime(id) ?? 0) < from || this.#counted.has(id)) return false;
    this.#counted.add(id);
    return true;
  }

  #note(kind: 'backfill' | 'refill', job: SearchJob, posts: number): void {
    const { usage } = this.#account;
    if (kind === 'refill') {
      const before = usage.isThisCycle(this.#state.cycle) ? this.#state.refillPosts : 0;
      this.#state = { ...this.#state, refill: job, refillPosts: before + posts, cycle: usage.resetsAt };
    } else if (job.rule === null) {
      this.#counted.clear();
      this.#work = null;
      this.#state = { ...this.#state, backfill: null, backfilled: [...this.#state.backfilled, ...job.done] };
    } else this.#state = { ...this.#state, backfill: job };
  }

  /** How many posts a search of these rules would give, and the keys of those that X does not take, which are named. */
  async #expect(rules: readonly XRule[], { from, to }: SearchJob, signal: AbortSignal): Promise<Expected> {
    let posts = 0;
    const refused: string[] = [];
    for (const rule of rules) {
      try {
        const span = { query: rule.value, from: Math.max(from, this.#reach.earliest), to };
        posts += await this.#search.count(span, signal);
      } catch (error) {
        if (!(error instanceof XApiError)) throw error;
        this.#account.noteRule(rule.value, error.message);
        refused.push(ruleKey(rule.value));
      }
    }
    return { posts, refused };
  }

  /** Says what a search will cost, before it does. @returns whether it is within the limits. */
  #mayCost(key: string, what: string, expected: number, allowed: number): boolean {
    const cost = `about ${figure(expected)} posts, about $${this.#account.usage.dollarsOf(expected)}`;
    if (expected <= allowed) {
      this.#notes.delete(key);
      this.#work = `x-search reads ${what}: ${cost}.`;
      this.#context.tell(this.#work);
      return true;
    }
    this.#postpone(key);
    this.#notes.set(key, `x-search leaves out ${what}: ${cost}, and ${figure(allowed)} may still be read this month.`);
    return false;
  }

  #postpone(key: string): void {
    this.#later.set(key, performance.now() + this.#timings.tooMuchMs);
  }

  #isLater(key: string): boolean {
    return (this.#later.get(key) ?? -Infinity) > performance.now();
  }

  get #refillLeft(): number {
    const { usage } = this.#account;
    const used = usage.isThisCycle(this.#state.cycle) ? this.#state.refillPosts : 0;
    return Math.min(usage.left, (this.#options.refillMaxPosts ?? 0) - used);
  }

  get #reach(): SearchReach {
    const { windowMs, windowMarginMs } = this.#timings;
    const end = this.#now() - windowMs;
    return { limit: end + windowMarginMs / 4, earliest: end + windowMarginMs };
  }

  #now(): number {
    return this.#options.now();
  }

  #batch(path: 'backfill' | 'search', lines: readonly Buffer[], coverage: readonly CoverageEvent[]): RawBatch {
    const cursor = { ...writeSearchState(this.#state), ...this.#account.usage.cursorOf(this.name) };
    return { lines, arrivedAt: this.#now(), path, cursor, coverage };
  }
}
