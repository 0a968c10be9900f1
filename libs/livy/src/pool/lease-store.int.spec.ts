import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisLeaseStore } from '../redis/redis-lease-store.js';
import { type Lease, type LeaseStore } from './lease-store.js';
import { MemoryLeaseStore } from './memory-lease-store.js';

const LONG = 60_000;
const NO_LIMIT = { perTenant: 100 };

function granted(lease: Lease | undefined | 'full'): Lease {
  if (lease === undefined || lease === 'full') throw new Error(`no lease: ${String(lease)}`);
  return lease;
}

let redis: Redis;

beforeAll(() => {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL names the Redis of the tests: `npm test` sets it');
  redis = new Redis(url);
});

afterAll(() => redis.disconnect());

// One suite, both stores.
describe.each<[string, () => LeaseStore]>([
  ['in memory', () => new MemoryLeaseStore()],
  ['in Redis', () => new RedisLeaseStore(redis, { prefix: `test-${randomBytes(6).toString('hex')}` })],
])('lease store %s', (_, make) => {
  async function warm(store: LeaseStore, name: string): Promise<void> {
    const made = granted(await store.reserve(name, 'maker', 10, LONG));
    expect(await store.update(made, { state: 'warming' })).toBe(true);
    expect(await store.release(made, { id: 3, appId: null, boot: 'b00t' })).toBe(true);
  }

  it('enters no more sessions than the limit, and no name twice', async () => {
    const store = make();
    expect(await store.reserve('a', 'one', 2, LONG)).toMatchObject({ session: { name: 'a', state: 'creating' } });
    expect(await store.reserve('a', 'two', 2, LONG)).toBeUndefined();
    expect(await store.reserve('b', 'two', 2, LONG)).toBeDefined();
    expect(await store.reserve('c', 'two', 2, LONG)).toBeUndefined();
    expect((await store.list()).map((s) => s.name).sort()).toEqual(['a', 'b']);
  });

  it('a session entered among many at once stays within the limit', async () => {
    const store = make();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_unused, n) => store.reserve(`s${String(n)}`, 'x', 3, LONG)),
    );
    expect(all.filter((lease) => lease !== undefined)).toHaveLength(3);
  });

  it('leases only what is idle, one at a time, the last used first, with rising tokens', async () => {
    const store = make();
    expect(await store.lease('x', 't', NO_LIMIT, LONG)).toBeUndefined();
    await warm(store, 'old');
    await wait(5);
    await warm(store, 'new');
    const first = granted(await store.lease('x', 't', NO_LIMIT, LONG));
    const second = granted(await store.lease('y', 't', NO_LIMIT, LONG));
    expect([first.session.name, second.session.name]).toEqual(['new', 'old']);
    expect(first.session).toMatchObject({ state: 'leased', id: 3, boot: 'b00t', appId: null, statements: 0 });
    expect(second.token).toBeGreaterThan(first.token);
    expect(await store.lease('z', 't', NO_LIMIT, LONG)).toBeUndefined();
    expect(await store.release(first, { statements: 7 })).toBe(true);
    const third = granted(await store.lease('z', 't', NO_LIMIT, LONG));
    expect(third.session).toMatchObject({ name: 'new', statements: 7 });
    expect(third.token).toBeGreaterThan(second.token);
  });

  it('a given-back lease can do nothing any more', async () => {
    const store = make();
    await warm(store, 'a');
    const before = granted(await store.lease('x', 't', NO_LIMIT, LONG));
    await store.release(before, {});
    const now = granted(await store.lease('y', 't', NO_LIMIT, LONG));
    expect(await store.renew(before, LONG)).toBe(false);
    expect(await store.update(before, { state: 'deleting' })).toBe(false);
    expect(await store.release(before, {})).toBe(false);
    expect(await store.remove(before)).toBe(false);
    expect(await store.renew(now, LONG)).toBe(true);
    expect(await store.list()).toMatchObject([{ name: 'a', state: 'leased' }]);
  });

  it('counts what a tenant holds', async () => {
    const store = make();
    await warm(store, 'a');
    await warm(store, 'b');
    const one = granted(await store.lease('x', 'greedy', { perTenant: 1 }, LONG));
    expect(await store.lease('y', 'greedy', { perTenant: 1 }, LONG)).toBe('full');
    expect(await store.lease('y', 'other', { perTenant: 1 }, LONG)).toMatchObject({ tenant: 'other' });
    await store.release(one, {});
    expect(await store.lease('y', 'greedy', { perTenant: 1 }, LONG)).toMatchObject({ tenant: 'greedy' });
  });

  it('a lease that ran out is reclaimed by one, and useless to its old holder', async () => {
    const store = make();
    await warm(store, 'a');
    await warm(store, 'idle');
    const gone = granted(await store.lease('dead', 't', NO_LIMIT, 60));
    expect(await store.reclaim('x', LONG)).toBeUndefined();
    await wait(80);
    const both = await Promise.all([store.reclaim('x', LONG), store.reclaim('y', LONG)]);
    const got = both.filter((lease) => lease !== undefined);
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({ session: { name: gone.session.name, state: 'leased' } });
    expect(await store.release(gone, {})).toBe(false);
    expect(await store.renew(gone, LONG)).toBe(false);
  });

  it('renewing keeps a lease', async () => {
    const store = make();
    await warm(store, 'a');
    const lease = granted(await store.lease('x', 't', NO_LIMIT, 2_000));
    for (let n = 0; n < 5; n++) {
      await wait(500);
      expect(await store.renew(lease, 2_000)).toBe(true);
    }
    expect(await store.reclaim('y', LONG)).toBeUndefined();
  });

  it('takes a named session only while it is idle, and forgets it when told', async () => {
    const store = make();
    await warm(store, 'a');
    const lease = granted(await store.take('a', 'x', LONG));
    expect(lease.session.state).toBe('verifying');
    expect(await store.take('a', 'y', LONG)).toBeUndefined();
    expect(await store.take('nobody', 'y', LONG)).toBeUndefined();
    expect(await store.remove(lease)).toBe(true);
    expect(await store.list()).toEqual([]);
  });

  it('gives a chore to one in its time', async () => {
    const store = make();
    const claims = await Promise.all([store.claim('sweep', 80), store.claim('sweep', 80), store.claim('other', 80)]);
    expect(claims.filter(Boolean)).toHaveLength(2);
    await wait(120);
    expect(await store.claim('sweep', 80)).toBe(true);
  });
});

describe('RedisLeaseStore', () => {
  it('wakes other processes when a session is given back, and logs who held it', async () => {
    const prefix = `test-${randomBytes(6).toString('hex')}`;
    const one = new RedisLeaseStore(redis, { prefix });
    const two = new RedisLeaseStore(redis, { prefix });
    let woken = 0;
    two.onFree(() => woken++);
    await wait(100);
    const lease = granted(await one.reserve('a', 'owner', 1, LONG));
    await one.release(lease, { id: 1 });
    const again = granted(await two.lease('second', 'tenant', NO_LIMIT, LONG));
    await two.remove(again);
    await wait(100);
    expect(woken).toBe(2);
    const log = await one.log();
    expect(log.map(({ event, owner, token }) => [event, owner, token])).toEqual([
      ['acquire', 'owner', 1],
      ['release', 'owner', 1],
      ['acquire', 'second', 2],
      ['remove', 'second', 2],
    ]);
    expect(log[0]?.at).toBeGreaterThan(1e15);
    await two.close();
    await one.close();
  });

  it('goes on after Redis forgot its scripts', async () => {
    const store = new RedisLeaseStore(redis, { prefix: `test-${randomBytes(6).toString('hex')}` });
    await redis.script('FLUSH');
    expect(await store.reserve('a', 'x', 1, LONG)).toBeDefined();
  });
});
