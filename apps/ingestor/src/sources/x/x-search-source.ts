import { DAY_MS } from '@analytica/domain';
import type { SourceReport } from '@analytica/domain/contracts';
import type { CoverageEvent, Cursor, RawBatch, Source, SourceContext } from '../source.js';
import { PatientSearch, pause } from './patient-search.js';
import {
  newJob,
  readSearchState,
  ruleKey,
  type SearchJob,
  type SearchState,
  NEW_SEARCH,
  writeSearchState,
} from './search-job.js';
import { searchProblem, searchShortfall } from './search-query.js';
import { type ClosedGap, days, figure, lineOf, short, times } from './search-text.js';
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

const MAX_TRIED = 200;

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
  /** When something that would cost too much is looked at again. */
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
        const expected = await this.#expect([rule], job, signal);
        if (expected === null) continue;
        const what = `what the rule "${short(rule.value)}" matched in the last ${days(this.#options.backfillDays)}`;
        if (!this.#mayCost(key, what, expected, allowed)) continue;
      }
      const isDone = yield* this.#readRule('backfill', rule, job, signal);
      if (!isDone) return;
      this.#work = null;
      this.#state = { ...this.#state, backfill: null, backfilled: [...this.#state.backfilled, key] };
      yield this.#batch('backfill', [], []);
    }
  }

  /** Reads what the stream missed, oldest gap first. */
  async *#refill(rules: readonly XRule[], searchable: readonly XRule[], signal: AbortSignal): AsyncGenerator<RawBatch> {
    for (const gap of this.#openGaps()) {
      const key = `gap ${String(gap.from)}`;
      const earliest = this.#earliest();
      const span = { from: Math.max(gap.from - this.#timings.lateMs, earliest), to: gap.to };
      if (this.#isLater(key) || this.#now() < gap.to + this.#timings.settleMs || searchable.length === 0) continue;
      const begun = this.#state.refill?.to === gap.to ? this.#state.refill : null;
      const job = begun ?? newJob(span.from, span.to);
      if (begun === null) {
        const expected = await this.#expect(searchable, job, signal);
        if (expected === null) continue;
        if (!this.#mayCost(key, `what x-filtered missed ${times(gap)}`, expected, this.#refillLeft)) continue;
      }
      for (const rule of searchable) {
        const known = this.#state.refill?.to === gap.to ? this.#state.refill : job;
        if (known.done.includes(ruleKey(rule.value))) continue;
        const isDone = yield* this.#readRule('refill', rule, known, signal);
        if (!isDone) return;
      }
      this.#work = null;
      yield this.#refilled(gap, key, rules, earliest);
    }
  }

  /** All that search gives has been read: whether that is all there was, depends on the rules. */
  #refilled(gap: ClosedGap, key: string, rules: readonly XRule[], earliest: number): RawBatch {
    const { posts, failed } = this.#state.refill ?? newJob(0, 0);
    const lackOf = (rule: XRule): string | null =>
      searchProblem(rule) ??
      searchShortfall(rule) ??
      (failed.includes(ruleKey(rule.value)) ? 'X did not search for it' : null);
    const lacking = rules.find((rule) => lackOf(rule) !== null);
    const reason = lacking === undefined ? null : lackOf(lacking);
    if (lacking !== undefined && reason !== null) {
      this.#notes.set(
        key,
        `What x-filtered missed ${times(gap)} came in part (${figure(posts)} posts): rule "${short(lacking.value)}": ${reason}.`,
      );
    }
    const tried = [...this.#state.tried, gap.from].slice(-MAX_TRIED);
    this.#state = { ...this.#state, refill: null, tried };
    const from = Math.max(gap.from, earliest);
    const refilled: CoverageEvent = { type: 'refilled', source: this.#options.refills, from, to: gap.to, posts };
    return this.#batch('search', [], lacking === undefined ? [refilled] : []);
  }

  /**
   * Reads all pages of a rule from where its job is.
   * @returns false where the limit was reached on the way: it goes on from there later.
   */
  async *#readRule(
    kind: 'backfill' | 'refill',
    rule: XRule,
    from: SearchJob,
    signal: AbortSignal,
  ): AsyncGenerator<RawBatch, boolean> {
    const key = ruleKey(rule.value);
    let job: SearchJob = from.rule === key ? from : { ...from, rule: key, token: null };
    const span = { query: rule.value, from: Math.max(job.from, this.#earliest()), to: job.to };
    for (;;) {
      const left = kind === 'refill' ? this.#refillLeft : this.#account.usage.left;
      if (left <= 0) return false;
      let page: SearchPage;
      try {
        page = await this.#search.page(span, job.token, signal);
      } catch (error) {
        if (!(error instanceof XApiError)) throw error;
        // X takes the query no more, or not its token: it is named, and the others go on.
        this.#account.noteRule(rule.value, error.message);
        job = { ...job, failed: [...job.failed, key] };
        page = { body: {}, ids: [], nextToken: null };
      }
      this.#account.usage.count(this.name, page.ids);
      const isLast = page.nextToken === null;
      const posts = job.posts + page.ids.length;
      job = { ...job, posts, token: page.nextToken, ...(isLast ? { rule: null, done: [...job.done, key] } : {}) };
      this.#note(kind, job, page.ids.length);
      const lines = page.ids.length === 0 ? [] : [lineOf(page, rule)];
      yield this.#batch(kind === 'backfill' ? 'backfill' : 'search', lines, []);
      if (isLast) return true;
    }
  }

  #note(kind: 'backfill' | 'refill', job: SearchJob, posts: number): void {
    const { resetsAt } = this.#account.usage;
    const before = this.#state.cycle === resetsAt ? this.#state.refillPosts : 0;
    this.#state =
      kind === 'backfill'
        ? { ...this.#state, backfill: job }
        : { ...this.#state, refill: job, refillPosts: before + posts, cycle: resetsAt };
  }

  /** How many posts a search of these rules would give; null where X does not take one of them, which is named. */
  async #expect(rules: readonly XRule[], { from, to }: SearchJob, signal: AbortSignal): Promise<number | null> {
    let expected = 0;
    for (const rule of rules) {
      try {
        const span = { query: rule.value, from: Math.max(from, this.#earliest()), to };
        expected += await this.#search.count(span, signal);
      } catch (error) {
        if (!(error instanceof XApiError)) throw error;
        this.#account.noteRule(rule.value, error.message);
        this.#later.set(ruleKey(rule.value), performance.now() + this.#timings.tooMuchMs);
        return null;
      }
    }
    return expected;
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
    this.#later.set(key, performance.now() + this.#timings.tooMuchMs);
    this.#notes.set(key, `x-search leaves out ${what}: ${cost}, and ${figure(allowed)} may still be read this month.`);
    return false;
  }

  #openGaps(): readonly ClosedGap[] {
    const earliest = this.#earliest();
    return this.#context.gaps().flatMap((gap): ClosedGap[] => {
      // What nothing was spent on by choice is not bought afterwards.
      if (gap.source !== this.#options.refills || gap.status !== 'CLOSED' || gap.cause === 'USAGE_LIMIT') return [];
      if (gap.to === null || gap.to <= earliest || this.#state.tried.includes(gap.from)) return [];
      return [{ from: gap.from, to: gap.to }];
    });
  }

  #isLater(key: string): boolean {
    return (this.#later.get(key) ?? -Infinity) > performance.now();
  }

  get #refillLeft(): number {
    const { usage } = this.#account;
    const used = this.#state.cycle === usage.resetsAt ? this.#state.refillPosts : 0;
    return Math.min(usage.left, (this.#options.refillMaxPosts ?? 0) - used);
  }

  /** The earliest time that search still reaches. */
  #earliest(): number {
    return this.#now() - this.#timings.windowMs + this.#timings.windowMarginMs;
  }

  #now(): number {
    return this.#options.now();
  }

  #batch(path: 'backfill' | 'search', lines: readonly Buffer[], coverage: readonly CoverageEvent[]): RawBatch {
    const cursor = { ...writeSearchState(this.#state), ...this.#account.usage.cursorOf(this.name) };
    return { lines, arrivedAt: this.#now(), path, cursor, coverage };
  }
}
