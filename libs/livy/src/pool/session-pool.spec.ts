import { afterEach, describe, expect, it } from 'vitest';
import { isLivyError, LivyError } from '../errors.js';
import { LivyClient } from '../livy-client.js';
import { json, ScriptedServer, type Handler } from '../testing/scripted-server.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { FairQueue } from './fair-queue.js';
import { HeldLease } from './held-lease.js';
import { MemoryLeaseStore } from './memory-lease-store.js';
import { durationMs } from './pool-options.js';
import { SessionPool } from './session-pool.js';
import { isOurs } from './upkeep.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('SessionPool on a server that starts nothing', () => {
  const open: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function against(handler: Handler): Promise<{ server: ScriptedServer; client: LivyClient }> {
    const server = await ScriptedServer.start((seen, response, socket) => {
      if (seen.path === '/version') json(response, 200, { version: '0.9.0' });
      else if (seen.method === 'GET' && seen.path.startsWith('/sessions?'))
        json(response, 200, { from: 0, total: 0, sessions: [] });
      else return handler(seen, response, socket);
    });
    const client = new LivyClient({ url: server.url });
    open.push(
      () => server.stop(),
      () => {
        client.close();
        return Promise.resolve();
      },
    );
    return { server, client };
  }

  it('asks less and less often, and says at the deadline why there is no session', async () => {
    const { server, client } = await against((seen, response) => {
      if (seen.method === 'POST') json(response, 400, { msg: 'Rejected, too many sessions are being created!' });
      else json(response, 404, { msg: 'Session not found.' });
    });
    const waits: number[] = [];
    const pool = new SessionPool({ client, prefix: 'p', max: 4, metrics: { breaker: (ms) => waits.push(ms) } });
    open.push(() => pool.close());
    const errors = await Promise.all(
      [1, 2, 3].map(() => pool.acquire({ timeoutMs: 3_000 }).catch((error: unknown) => error)),
    );
    for (const error of errors) {
      expect(isLivyError(error, 'ACQUIRE_TIMEOUT')).toBe(true);
      expect(isLivyError((error as LivyError).cause, 'TOO_MANY_CREATING')).toBe(true);
    }
    const posts = server.count('POST', /sessions$/);
    expect(posts).toBeGreaterThanOrEqual(2);
    expect(posts).toBeLessThanOrEqual(7);
    expect(waits.at(-1)).toBeGreaterThan(waits[0] ?? Infinity);
    // The last attempt may still be under way when the deadline comes.
    await expect.poll(() => pool.sessions(), { timeout: 30_000 }).toEqual([]);
  });

  it('ends a start that hangs when it is closed, and deletes what it asked for', async () => {
    const { server, client } = await against((seen, response) => {
      const name = seen.method === 'POST' ? (JSON.parse(seen.body) as { name: string }).name : 'x';
      json(response, 200, { id: 0, name, state: 'starting' });
    });
    const pool = new SessionPool({ client, prefix: 'p', min: 1, max: 1 });
    const waiting = pool.acquire().catch((error: unknown) => error);
    while (server.count('POST', /sessions$/) === 0) await wait(10);
    await pool.close();
    expect(isLivyError(await waiting, 'POOL_CLOSED')).toBe(true);
    expect(server.count('POST', /sessions$/)).toBe(1);
    expect(server.count('DELETE', /sessions\/p-/)).toBeGreaterThanOrEqual(1);
    expect(await pool.sessions()).toEqual([]);
  });

  it('deletes orphans of its own and nothing else', async () => {
    const names = ['p-mwxs7edm-fe1f668c7fdc', 'p-other-mwxs7edm-fe1f668c7fdc', 'p-by-hand', 'someone', null];
    const server = await ScriptedServer.start((seen, response) => {
      if (seen.path === '/version') json(response, 200, { version: '0.8.0' });
      else if (seen.method === 'GET')
        json(response, 200, { sessions: names.map((name, id) => ({ id, name, state: 'idle' })) });
      else json(response, 200, { msg: 'deleted' });
    });
    const client = new LivyClient({ url: server.url });
    const pool = new SessionPool({ client, prefix: 'p', max: 1 });
    open.push(
      () => server.stop(),
      () => {
        client.close();
        return Promise.resolve();
      },
      () => pool.close(),
    );
    expect(await pool.sweep()).toEqual(['p-mwxs7edm-fe1f668c7fdc']);
    await wait(100);
    const deleted = new Set(server.seen.filter((seen) => seen.method === 'DELETE').map((seen) => seen.path));
    expect([...deleted]).toEqual(['/sessions/p-mwxs7edm-fe1f668c7fdc']);
  });

  it('refuses options that make no pool', async () => {
    const { client } = await against(() => undefined);
    for (const bad of [
      { prefix: '1x' },
      { prefix: '' },
      { prefix: 'a b' },
      { prefix: 'p', max: 0 },
      { prefix: 'p', min: 5, max: 4 },
    ]) {
      expect(() => new SessionPool({ client, ...bad })).toThrow(LivyError);
    }
  });
});

describe('HeldLease', () => {
  it('tells its holder when the lease is lost', async () => {
    const store = new MemoryLeaseStore();
    const client = new LivyClient({ url: 'http://127.0.0.1:1' });
    const lease = await store.reserve('a', 'x', 1, 300);
    if (lease === undefined) throw new Error('no lease');
    const held = new HeldLease(lease, store, client, { ttlMs: 300, keepAliveMs: 60_000 });
    await wait(500);
    expect(held.lost).toBe(false);
    await store.remove(lease);
    await wait(250);
    expect(isLivyError(held.signal.reason, 'LEASE_LOST')).toBe(true);
    expect(await held.update({ state: 'idle' }).catch((error: unknown) => isLivyError(error, 'LEASE_LOST'))).toBe(true);
  });

  it('counts itself lost when the store stays out of reach', async () => {
    const store = new MemoryLeaseStore();
    const lease = await store.reserve('a', 'x', 1, 10_000);
    if (lease === undefined) throw new Error('no lease');
    store.renew = () => Promise.reject(new Error('out of reach'));
    const held = new HeldLease(lease, store, new LivyClient({ url: 'http://127.0.0.1:1' }), {
      ttlMs: 300,
      keepAliveMs: 60_000,
    });
    await wait(150);
    expect(held.lost).toBe(false);
    await wait(350);
    expect(held.lost).toBe(true);
  });
});

describe('FairQueue', () => {
  it('serves tenants in turn and each one in order', () => {
    const queue = new FairQueue<string>();
    const served: string[] = [];
    for (const who of ['a1', 'a2', 'a3', 'b1', 'c1']) queue.add(who.slice(0, 1), () => served.push(who));
    const leave = queue.add('b', () => served.push('b2'));
    leave();
    leave();
    expect(queue.size).toBe(5);
    expect(queue.sizeWithout(new Set(['a']))).toBe(2);
    for (let n = 0; n < 5; n++) queue.serve(queue.tenants[0] ?? '', 'x');
    expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
    expect(queue.serve('a', 'x')).toBe(false);
    expect(queue.size).toBe(0);
  });
});

describe('CircuitBreaker', () => {
  it('waits longer after each failure, lets one through at a time, and closes on success', () => {
    let now = 0;
    const breaker = new CircuitBreaker({ firstMs: 100, maxMs: 1_000, now: () => now });
    expect(breaker.allows()).toBe(true);
    const first = breaker.fail();
    expect(first).toBeGreaterThanOrEqual(80);
    expect(first).toBeLessThanOrEqual(120);
    expect(breaker.allows()).toBe(false);
    now += 121;
    expect(breaker.allows()).toBe(true);
    breaker.begin();
    expect(breaker.allows()).toBe(false);
    for (let n = 0; n < 10; n++) expect(breaker.fail()).toBeLessThanOrEqual(1_200);
    expect(breaker.failures).toBe(11);
    breaker.succeed();
    expect(breaker.allows()).toBe(true);
  });
});

it('knows its own names', () => {
  expect(isOurs('p-mwxs7edm-fe1f668c7fdc', 'p')).toBe(true);
  expect(isOurs('p-x-mwxs7edm-fe1f668c7fdc', 'p')).toBe(false);
  expect(isOurs('pp-mwxs7edm-fe1f668c7fdc', 'p')).toBe(false);
  expect(isOurs('', 'p')).toBe(false);
});

it('reads durations of Livy', () => {
  expect(['500ms', '15s', '10m', '1h', '2d'].map(durationMs)).toEqual([500, 15_000, 600_000, 3_600_000, 172_800_000]);
  expect(() => durationMs('soon')).toThrow(LivyError);
});
