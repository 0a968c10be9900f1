import { DAY_MS } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { idAt } from '../../../test/doubles/x-api-posts.ts';
import { type UsageLimits, XUsage } from './usage.js';

const NOON = Date.UTC(2026, 10, 29, 12);
const DECEMBER = Date.UTC(2026, 11, 1);
const FREE: UsageLimits = { maxPosts: null, maxDollars: null, dollarsPerPost: 0.005 };
const ids = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => idAt(NOON, from + n));

class Clock {
  time = NOON;
  readonly now = (): number => this.time;
}

describe('XUsage', () => {
  it('counts a post once a UTC day, whichever source it comes from', () => {
    const clock = new Clock();
    const usage = new XUsage(FREE, clock.now);
    usage.count('x-filtered', ids(10));
    usage.count('x-filtered', ids(10));
    usage.count('x-search', ids(12));
    expect(usage.posts).toBe(12);
    clock.time += 11 * 3_600_000;
    usage.count('x-search', ids(12));
    expect(usage.posts).toBe(12);
    clock.time += 2 * 3_600_000;
    usage.count('x-search', ids(12));
    expect(usage.posts).toBe(24);
    expect(usage.status).toEqual({ posts: 24, maxPosts: null, dollars: 0.12, maxDollars: null, resetsAt: DECEMBER });
    expect([usage.hasLimit, usage.left, usage.warning]).toEqual([false, Infinity, null]);
  });

  it('takes the greater of our count and X’s', () => {
    const usage = new XUsage({ ...FREE, maxPosts: 100 }, () => NOON);
    usage.count('x-filtered', ids(10));
    usage.report({ posts: 60, daysLeft: 2 });
    expect(usage.posts).toBe(60);
    // What X has not counted yet is added to what it said.
    usage.count('x-filtered', ids(30, 10));
    expect([usage.posts, usage.left]).toEqual([90, 10]);
    usage.report({ posts: 61, daysLeft: 2 });
    expect(usage.posts).toBe(61);
    usage.count('x-filtered', ids(60, 40));
    expect([usage.posts, usage.left]).toEqual([121, 0]);
  });

  it('takes an end of the cycle that moves by a day as the same cycle', () => {
    const usage = new XUsage(FREE, () => NOON);
    usage.report({ posts: 0, daysLeft: 12 });
    const { resetsAt } = usage;
    usage.report({ posts: 0, daysLeft: 11 });
    expect([usage.resetsAt === resetsAt, usage.isThisCycle(resetsAt)]).toEqual([false, true]);
    expect(usage.isThisCycle(resetsAt - 30 * DAY_MS)).toBe(false);
    expect(usage.isThisCycle(0)).toBe(false);
  });

  it('warns from 80 % on, and says at the limit what to do', () => {
    const usage = new XUsage({ ...FREE, maxPosts: 1000 }, () => NOON);
    usage.count('x-filtered', ids(799));
    expect(usage.warning).toBeNull();
    usage.count('x-filtered', ids(1, 799));
    expect(usage.warning).toBe(
      '800 of 1,000 posts of X are used this month ($4.00). At the limit, X_MAX_POSTS, nothing is read from X until 2026-12-01, UTC.',
    );
    usage.count('x-filtered', ids(300, 800));
    expect(usage.left).toBe(0);
    expect(usage.warning).toMatch(/^1,100 of 1,000 .* To read on before, raise X_MAX_POSTS and start again\.$/);
  });

  it('holds the lower of the limits of posts and dollars', () => {
    const byDollars = new XUsage({ maxPosts: 1000, maxDollars: 0.6, dollarsPerPost: 0.005 }, () => NOON);
    byDollars.count('x-filtered', ids(119));
    expect(byDollars.left).toBe(1);
    expect(byDollars.warning).toMatch(/X_MAX_DOLLARS/);
    const byPosts = new XUsage({ maxPosts: 100, maxDollars: 50, dollarsPerPost: 0.005 }, () => NOON);
    expect(byPosts.left).toBe(100);
    expect(new XUsage({ maxPosts: null, maxDollars: 1, dollarsPerPost: 0 }, () => NOON).left).toBe(Infinity);
  });

  it('begins anew with the next cycle: by the calendar, or as X says', () => {
    const clock = new Clock();
    const usage = new XUsage({ ...FREE, maxPosts: 10 }, clock.now);
    usage.count('x-filtered', ids(10));
    clock.time = DECEMBER - 1;
    expect(usage.left).toBe(0);
    clock.time = DECEMBER;
    expect([usage.left, usage.resetsAt]).toEqual([10, Date.UTC(2027, 0, 1)]);

    usage.report({ posts: 10, daysLeft: 3 });
    expect([usage.left, usage.resetsAt]).toEqual([0, DECEMBER + 3 * DAY_MS]);
    clock.time = DECEMBER + 3 * DAY_MS;
    expect(usage.left).toBe(10);
    // X turned before our clock did.
    usage.count('x-filtered', ids(10, 50));
    usage.report({ posts: 9, daysLeft: 1 });
    expect(usage.left).toBe(0);
    usage.report({ posts: 0, daysLeft: 30 });
    expect(usage.left).toBe(10);
  });

  it('goes on with what a cursor kept, unless that cycle is over', () => {
    const before = new XUsage(FREE, () => NOON);
    before.count('x-filtered', ids(7));
    before.count('x-search', ids(5, 7));
    const after = new XUsage(FREE, () => NOON + DAY_MS);
    after.restore('x-filtered', { lastId: '1', ...before.cursorOf('x-filtered') });
    after.restore('x-search', before.cursorOf('x-search'));
    after.restore('x-sampled', null);
    expect(after.posts).toBe(12);
    const later = new XUsage(FREE, () => DECEMBER);
    later.restore('x-filtered', before.cursorOf('x-filtered'));
    later.restore('x-search', { usagePosts: 'many', usageResetsAt: null });
    expect(later.posts).toBe(0);
  });
});
