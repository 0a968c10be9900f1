import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisKeyPrefix } from '@analytica/domain/contracts';
import { RedisLeaseStore } from '@analytica/livy/redis';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunStore, type NewAnalysis } from '../src/runs/run-store.js';
import { testRedisUrl } from './stack.js';

// A Redis Cluster runs a script on the node of its declared keys: what a script touches besides is on no node for certain.

/** What a script of ours did: the keys that it declared, and its commands. */
interface ScriptRun {
  readonly declared: readonly string[];
  readonly commands: (readonly string[])[];
}

const progress = { partitionsDone: 1, partitionsTotal: 2, matchedPosts: 3, readFrom: null };
const result = { figures: {}, rows: {} } as unknown as Parameters<RunStore['succeed']>[3];
const LONG = 60_000;

let redis: Redis;
let watcher: Redis;
let prefix: string;
let scripts: ScriptRun[];

beforeEach(async () => {
  redis = new Redis(testRedisUrl());
  prefix = redisKeyPrefix(`test-${randomBytes(6).toString('hex')}:`);
  scripts = [];
  watcher = await new Redis(testRedisUrl()).monitor();
  let current: ScriptRun | null = null;
  watcher.on('monitor', (_time: string, args: string[], source: string) => {
    const [command = '', , count = '0', ...rest] = args;
    if (source === 'lua') current?.commands.push(args);
    else if (!/^eval(sha)?$/i.test(command)) current = null;
    else {
      const declared = rest.slice(0, Number(count));
      current = declared.every((key) => key.startsWith(prefix)) ? { declared, commands: [] } : null;
      if (current !== null) scripts.push(current);
    }
  });
});

afterEach(async () => {
  watcher.disconnect();
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
});

/** Waits until the watcher has seen all, then gives every key that a script touched without declaring it. */
async function undeclared(): Promise<string[]> {
  await sleep(300);
  expect(scripts.flatMap(({ commands }) => commands).length).toBeGreaterThan(20);
  const found: string[] = [];
  for (const { declared, commands } of scripts) {
    expect(declared.length).toBeGreaterThan(0);
    for (const command of commands) {
      const keys = (await redis.call('COMMAND', 'GETKEYS', ...command).catch(() => [])) as string[];
      found.push(...keys.filter((key) => !declared.includes(key)).map((key) => `${command[0] ?? ''} ${key}`));
    }
  }
  return found;
}

it('every step of a run declares the keys that it touches', async () => {
  const store = new RunStore(redis, prefix, 3_600);
  const analysis = (id: string, idempotencyKey: string | null): NewAnalysis => ({
    ...{ id, runId: `run-${id}`, key: 'question', topic: 'cat', preset: null, engine: 'cluster', engineChoice: 'auto' },
    spec: {
      ...{ topic: 'cat', interval: { from: 0, to: 1 }, timeZone: 'UTC' },
      ...{ includeStopWords: false, includeRetweetWords: false },
    },
    snapshot: { id: 'snap', watermark: 0, files: 0, posts: 0 },
    ...{ now: Date.now(), idempotencyKey, fingerprint: 'x' },
  });
  const runId = 'run-a';
  expect(await store.attach(analysis('a', 'idempotent'))).toMatchObject({ how: 'new', runId });
  expect(await store.attach(analysis('b', null))).toMatchObject({ how: 'attached', runId });
  expect(await store.attach(analysis('c', 'idempotent'))).toMatchObject({ how: 'known', id: 'a' });
  const first = (await store.begin(runId, Date.now()))?.attempt ?? 0;
  await store.advance(runId, first, progress, result);
  await store.release(runId, first, Date.now());
  const second = (await store.begin(runId, Date.now()))?.attempt ?? 0;
  expect((await store.detach('b', Date.now())).how).toBe('detached');
  expect(await store.succeed(runId, second, progress, result, Date.now())).toBe(true);
  await redis.del(store.keys.figures(runId));
  expect(await store.attach(analysis('d', null))).toMatchObject({ how: 'new' });
  await redis.del(store.keys.run('run-d'));
  expect(await store.attach(analysis('e', null))).toMatchObject({ how: 'new' });
  expect((await store.detach('e', Date.now())).how).toBe('stopped');
  expect(await undeclared()).toEqual([]);
});

it('every step of a lease declares the keys that it touches', async () => {
  const store = new RedisLeaseStore(redis, { prefix: `${prefix}livy` });
  const made = await store.reserve('session', 'one', 1, LONG);
  if (made === undefined) throw new Error('no lease');
  await store.renew(made, LONG);
  await store.update(made, { state: 'warming' });
  await store.release(made, { id: 1 });
  const leased = await store.lease('one', 'tenant', { perTenant: 1 }, 1);
  expect(leased).toMatchObject({ owner: 'one' });
  await sleep(20);
  const reclaimed = await store.reclaim('two', LONG);
  if (reclaimed === undefined) throw new Error('no lease');
  await store.release(reclaimed, {});
  const taken = await store.take('session', 'two', LONG);
  if (taken === undefined) throw new Error('no lease');
  expect(await store.remove(taken)).toBe(true);
  expect(await undeclared()).toEqual([]);
});
