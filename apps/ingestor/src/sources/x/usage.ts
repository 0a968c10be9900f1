import { DAY_MS } from '@analytica/domain';
import type { SourceReport } from '@analytica/domain/contracts';
import { HashTable } from '../../dedupe/hash-table.js';
import type { Cursor } from '../source.js';
import { figure } from './texts.js';
import type { UsageReport } from './x-api.js';

export interface UsageLimits {
  /** Posts a month; null without a limit. */
  readonly maxPosts: number | null;
  readonly maxDollars: number | null;
  readonly dollarsPerPost: number;
}

const WARN_SHARE = 0.8;
const MASK = 0xffff_ffffn;

/**
 * What an account has read of X's paid posts in this billing cycle: by our own count, where a post counts once a UTC day, and by
 * what X says; the greater counts. All sources of the account share it.
 */
export class XUsage {
  readonly #limits: UsageLimits;
  readonly #now: () => number;
  /** Our own count, by source. */
  readonly #own = new Map<string, number>();
  #reported = 0;
  /** Our own count when X said so. */
  #ownAtReport = 0;
  #resetsAt: number;
  /** Whether X itself has said when the cycle ends. */
  #isResetKnown = false;
  #day = 0;
  #seenToday = new HashTable();

  /** @param now - epoch ms. */
  constructor(limits: UsageLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#resetsAt = nextMonth(now());
  }

  /** Takes up the count of a source where its cursor has it. A count of a cycle that is over is left. */
  restore(source: string, cursor: Cursor | null): void {
    const { usagePosts, usageResetsAt } = cursor ?? {};
    if (typeof usagePosts !== 'number' || typeof usageResetsAt !== 'number' || usageResetsAt <= this.#now()) return;
    if (!this.#isResetKnown) this.#resetsAt = usageResetsAt;
    this.#own.set(source, Math.max(usagePosts, this.#own.get(source) ?? 0));
  }

  /** What a cursor has to keep of a source's count. */
  cursorOf(source: string): { readonly usagePosts: number; readonly usageResetsAt: number } {
    return { usagePosts: this.#own.get(source) ?? 0, usageResetsAt: this.#resetsAt };
  }

  /** Counts posts that X has delivered, by their ids. */
  count(source: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#turn();
    let news = 0;
    for (const id of ids) {
      const [high, low] = hashOf(id);
      if (this.#seenToday.has(high, low)) continue;
      this.#seenToday.add(high, low);
      news += 1;
    }
    this.#own.set(source, (this.#own.get(source) ?? 0) + news);
  }

  /** Notes what X says. */
  report({ posts, daysLeft }: UsageReport): void {
    this.#turn();
    if (daysLeft !== null) {
      const now = this.#now();
      const resetsAt = now - (now % DAY_MS) + Math.max(1, daysLeft) * DAY_MS;
      if (this.#isResetKnown && resetsAt > this.#resetsAt && !this.#isNear(resetsAt)) this.#own.clear();
      this.#resetsAt = resetsAt;
      this.#isResetKnown = true;
    }
    this.#reported = posts;
    this.#ownAtReport = this.#ownPosts;
  }

  /** Posts of this cycle. */
  get posts(): number {
    this.#turn();
    const own = this.#ownPosts;
    return Math.max(own, this.#reported + own - this.#ownAtReport);
  }

  /** When the cycle ends, epoch ms. */
  get resetsAt(): number {
    this.#turn();
    return this.#resetsAt;
  }

  /** Whether a cycle that was said to end then is this one. */
  isThisCycle(resetsAt: number): boolean {
    this.#turn();
    return this.#isNear(resetsAt);
  }

  /** How many posts may still be read; Infinity without a limit. */
  get left(): number {
    return Math.max(0, this.#maxPosts - this.posts);
  }

  get hasLimit(): boolean {
    return this.#maxPosts !== Infinity;
  }

  /** One sentence once most of what is allowed is used; null before. */
  get warning(): string | null {
    const { posts } = this;
    if (posts < WARN_SHARE * this.#maxPosts) return null;
    const day = new Date(this.resetsAt).toISOString().slice(0, 10);
    const used = `${figure(posts)} of ${figure(this.#maxPosts)} posts of X are used this month ($${this.dollarsOf(posts)})`;
    return posts >= this.#maxPosts
      ? `${used}: nothing is read from X until ${day}, UTC. To read on before, raise ${this.#binding} and start again.`
      : `${used}. At the limit, ${this.#binding}, nothing is read from X until ${day}, UTC.`;
  }

  get status(): NonNullable<SourceReport['usage']> {
    const { maxPosts, maxDollars, dollarsPerPost } = this.#limits;
    const { posts } = this;
    return { posts, maxPosts, dollars: posts * dollarsPerPost, maxDollars, resetsAt: this.resetsAt };
  }

  /** What so many posts cost, with two decimals. */
  dollarsOf(posts: number): string {
    return (posts * this.#limits.dollarsPerPost).toFixed(2);
  }

  /** X tells days, and its day is not ours: a cycle that ends days later than another is another one. */
  #isNear(resetsAt: number): boolean {
    return Math.abs(resetsAt - this.#resetsAt) <= 2 * DAY_MS;
  }

  get #ownPosts(): number {
    return [...this.#own.values()].reduce((sum, posts) => sum + posts, 0);
  }

  get #maxPosts(): number {
    return Math.min(this.#limits.maxPosts ?? Infinity, this.#maxByDollars);
  }

  get #maxByDollars(): number {
    const { maxDollars, dollarsPerPost } = this.#limits;
    // A tenth of a cent of rounding is no post.
    return maxDollars === null || dollarsPerPost === 0 ? Infinity : Math.floor(maxDollars / dollarsPerPost + 1e-6);
  }

  /** The setting that sets the lower limit. */
  get #binding(): string {
    return this.#maxByDollars < (this.#limits.maxPosts ?? Infinity) ? 'X_MAX_DOLLARS' : 'X_MAX_POSTS';
  }

  /** Begins a new day or a new cycle where the old one is over. */
  #turn(): void {
    const now = this.#now();
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#seenToday = new HashTable();
    }
    if (now < this.#resetsAt) return;
    this.#own.clear();
    this.#reported = 0;
    this.#ownAtReport = 0;
    this.#resetsAt = nextMonth(now);
    this.#isResetKnown = false;
  }
}

/** The beginning of the next month, UTC. */
function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** An id fits 64 bits. The lower half of a hash must not be 0. */
function hashOf(id: string): readonly [high: number, low: number] {
  const value = BigInt(id);
  return [Number((value >> 32n) & MASK), Number(value & MASK) || 1];
}
