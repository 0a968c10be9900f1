import { describe, expect, it } from 'vitest';
import { accountOf, capture, changesOf, openDouble, pump, scene, xStreamOf } from '../../../test/support/x-stream.js';
import { sourceStatusSchema } from '@analytica/domain/contracts';

const DAY_MS = 86_400_000;

describe('an X stream with a limit', () => {
  it('stops at the limit, by its own count, and reads on in the next cycle', async () => {
    let now = Date.UTC(2026, 10, 29, 12);
    const double = await openDouble({
      script: [scene({ posts: 8 }, { silenceMs: 50 }, { posts: 2 }), scene({ posts: 1 })],
      answer: ({ path }) => (path === '/2/usage/tweets' ? { status: 503, body: {} } : undefined),
      now: () => now,
    });
    const account = accountOf(double, { limits: { maxPosts: 10 }, times: { usageEveryMs: 0 }, now: () => now });
    const source = xStreamOf(account, { limitCheckMs: 10 }, () => now);
    const warned: string[] = [];
    const capturing = capture(source, ({ lines }) => {
      if (lines.length === 8) warned.push(...source.status().problems);
      return lines.length === 11;
    });
    await expect
      .poll(() => source.status().problems[0] ?? '')
      .toMatch(/^10 of 10 posts .* nothing is read from X until 2026-12-01/);
    await expect.poll(() => source.status().state).toBe('WAITING');
    await expect.poll(() => double.open()).toBe(0);
    expect(double.streamRequests).toHaveLength(1);
    now += 3 * DAY_MS;
    const seen = await capturing;
    expect(changesOf(seen)).toEqual(['began', 'ended USAGE_LIMIT', 'began']);
    expect(warned[0]).toMatch(/^8 of 10 posts of X are used this month/);
    expect(source.status()).toMatchObject({ state: 'LIVE', problems: [], usage: { posts: 1, maxPosts: 10 } });
  });

  it('stops where X says that the limit is reached, whoever read the posts', async () => {
    const double = await openDouble({ script: [scene({ posts: 1 }, { serveMs: 60_000, perSecond: 50 })] });
    const account = accountOf(double, { limits: { maxDollars: 5 }, times: { usageEveryMs: 20 } });
    const source = xStreamOf(account, { limitCheckMs: 60_000 });
    const capturing = capture(source, ({ coverage }) => {
      if (coverage.length > 5) double.usage = { posts: 5000, daysLeft: 4 };
      return coverage.some(({ type }) => type === 'ended');
    });
    expect(changesOf(await capturing)).toEqual(['began', 'ended USAGE_LIMIT']);
    const { usage } = sourceStatusSchema.parse(source.status());
    expect(usage).toMatchObject({ maxPosts: null, maxDollars: 5 });
    // What came since X told is added.
    expect(usage?.posts).toBeGreaterThanOrEqual(5000);
    expect(usage?.posts).toBeLessThan(5100);
    expect(usage?.dollars).toBeCloseTo((usage?.posts ?? NaN) * 0.005);
    expect(usage?.resetsAt).toBe(Math.floor(Date.now() / DAY_MS) * DAY_MS + 4 * DAY_MS);
  });

  it('connects to nothing where the limit was reached before, and keeps the count in its cursor', async () => {
    const double = await openDouble({
      script: [scene({ posts: 3 })],
      answer: ({ path }) => (path === '/2/usage/tweets' ? { status: 403, body: { detail: 'not for you' } } : undefined),
    });
    const limits = { maxPosts: 3 };
    const first = await capture(xStreamOf(accountOf(double, { limits })), ({ lines }) => lines.length === 3);
    const cursor = first.batches.at(-1)?.cursor ?? null;
    expect(cursor).toMatchObject({ usagePosts: 3 });
    const source = xStreamOf(accountOf(double, { limits }));
    const stop = new AbortController();
    const pumping = pump(source, stop.signal, cursor);
    await expect.poll(() => source.status().state).toBe('WAITING');
    expect(source.status().problems).toHaveLength(2);
    expect(source.status().problems[1]).toMatch(
      /^X does not tell the usage of its API \(X answered with HTTP 403: not for you\)/,
    );
    expect(double.streamRequests).toHaveLength(1);
    stop.abort();
    expect(changesOf(await pumping)).toEqual(['ended USAGE_LIMIT']);
  });

  it('shows the rules, and follows them without a reconnect', async () => {
    const double = await openDouble({ rules: [{ value: 'coffee', tag: 'drinks' }, { value: 'café' }] });
    const source = xStreamOf(accountOf(double, { times: { rulesEveryMs: 0 } }), { stallMs: 60_000 });
    const stop = new AbortController();
    const batches = source.batches(null, stop.signal)[Symbol.asyncIterator]();
    await batches.next();
    await expect
      .poll(() => source.status().rules)
      .toEqual([
        { value: 'coffee', tag: 'drinks', problem: null },
        { value: 'café', tag: null, problem: null },
      ]);
    stop.abort();
    await batches.return?.();
  });
});
