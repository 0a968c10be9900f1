import { randomBytes } from 'node:crypto';
import type { AnalysisSpec } from '@analytica/domain';
import { redisKeyPrefix } from '@analytica/domain/contracts';
import type { Snapshot } from '@analytica/lake';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunEvents } from '../src/runs/run-events.js';
import type { RunEvent, StoredFigures, StoredRows } from '../src/runs/run-records.js';
import { type Attached, MAX_QUEUED, RunStore } from '../src/runs/run-store.js';
import { SnapshotStore } from '../src/runs/snapshot-store.js';
import { CaptureService } from '../src/capture/capture-service.js';
import type { Snapshots } from '../src/lake/snapshots.js';
import { Channels } from '../src/redis/channels.js';
import { heardBy, testRedisUrl, until } from './stack.js';

const TTL = 3_600;
const spec: AnalysisSpec = {
  topic: 'cat',
  interval: { from: 0, to: 1 },
  timeZone: 'UTC',
  includeStopWords: false,
  includeRetweetWords: false,
};
const progress = { partitionsDone: 1, partitionsTotal: 2, matchedPosts: 3, readFrom: null };
const result = { figures: { hash: 'x' } as unknown as StoredFigures, rows: {} as unknown as StoredRows };

let redis: Redis;
let subscriber: Redis;
let prefix: string;
let store: RunStore;

beforeEach(() => {
  redis = new Redis(testRedisUrl());
  subscriber = new Redis(testRedisUrl());
  prefix = redisKeyPrefix(`test-${randomBytes(6).toString('hex')}:`);
  store = new RunStore(redis, prefix, TTL);
});

afterEach(async () => {
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
  subscriber.disconnect();
});

async function ask(key: string, now = Date.now()): Promise<Attached> {
  const snapshot = { id: 'snap', watermark: 0, files: 0, posts: 0 };
  const common = {
    topic: 'cat',
    preset: null,
    spec,
    engine: 'embedded',
    engineChoice: 'embedded',
    snapshot,
    now,
  } as const;
  return store.attach({
    ...common,
    id: `client-${key}`,
    runId: `run-${key}`,
    key,
    idempotencyKey: null,
    fingerprint: '',
  });
}

describe('the queue of runs', () => {
  it('takes no more than 200 waiting runs in, but more clients of those', async () => {
    for (let i = 0; i < MAX_QUEUED; i++) expect((await ask(String(i))).how).toBe('new');
    expect((await ask('one more')).how).toBe('full');
    expect(
      await redis.exists(`${prefix}run:run-one more`, `${prefix}key:one more`, `${prefix}analysis:client-one more`),
    ).toBe(0);
    expect((await ask('7')).how).toBe('attached');
    await store.begin('run-0', Date.now());
    expect((await ask('one more')).how).toBe('new');
  });

  it('keeps no ghosts of runs that are gone', async () => {
    await ask('a');
    await ask('b');
    await redis.del(`${prefix}run:run-a`); // as if it had expired
    await ask('c');
    expect(await store.queuePosition({ id: 'run-b', engine: 'embedded' })).toBe(0);
    expect(await store.queuePosition({ id: 'run-a', engine: 'embedded' })).toBeNull();
  });

  it('counts runs by status while they are kept', async () => {
    const now = Date.now();
    await ask('old', now - (TTL + 1) * 1_000);
    const old = await store.begin('run-old', now - (TTL + 1) * 1_000);
    await store.succeed('run-old', old?.attempt ?? 0, progress, result, now - (TTL + 1) * 1_000);
    for (const key of ['waits', 'runs', 'ends', 'fails', 'given back']) await ask(key);
    const attempts = new Map<string, number>();
    for (const key of ['runs', 'ends', 'fails', 'given back']) {
      attempts.set(key, (await store.begin(`run-${key}`, now))?.attempt ?? 0);
    }
    await store.succeed('run-ends', attempts.get('ends') ?? 0, progress, result, now);
    await store.fail('run-fails', null, { code: 'ENGINE_FAILED', message: '', retryable: false }, now);
    await store.release('run-given back', attempts.get('given back') ?? 0, now);
    expect(Object.fromEntries(await store.countByStatus(now))).toEqual({
      QUEUED: 2,
      RUNNING: 1,
      SUCCEEDED: 1,
      FAILED: 1,
      CANCELLED: 0,
    });
  });
});

describe('what is kept', () => {
  describe('of a snapshot', () => {
    const snapshot = (root: string): Snapshot => ({
      id: 'snap',
      root,
      manifest: {} as unknown as Snapshot['manifest'],
    });
    let snapshots: SnapshotStore;
    beforeEach(() => {
      snapshots = new SnapshotStore(redis, prefix, TTL);
    });

    it('is written once, however many questions are asked of it', async () => {
      await snapshots.keep(snapshot('/lake'));
      await redis.set(`${prefix}snapshot:snap`, 'as it was', 'EX', 10);
      await snapshots.keep(snapshot('/lake'));
      expect(await redis.get(`${prefix}snapshot:snap`)).toBe('as it was');
      expect(await redis.ttl(`${prefix}snapshot:snap`)).toBeGreaterThan(TTL);
    });

    it('is written again where Redis has lost it', async () => {
      await snapshots.keep(snapshot('/lake'));
      await redis.del(`${prefix}snapshot:snap`);
      await snapshots.keep(snapshot('/lake'));
      expect((await snapshots.get('snap')).root).toBe('/lake');
    });

    it('has the root that it has now', async () => {
      await snapshots.keep(snapshot('/old'));
      await snapshots.keep(snapshot('/new'));
      expect((await snapshots.get('snap')).root).toBe('/new');
      // Another process of the API wrote the old one before this one began.
      await new SnapshotStore(redis, prefix, TTL).keep(snapshot('/newest'));
      expect((await snapshots.get('snap')).root).toBe('/newest');
    });
  });

  it('a result no longer than its run, which its last client keeps, however long it took', async () => {
    await ask('a');
    const attempt = (await store.begin('run-a', Date.now()))?.attempt ?? 0;
    await redis.expire(`${prefix}run:run-a`, 90); // as if the client had come long ago
    await store.advance('run-a', attempt, progress, result);
    await store.succeed('run-a', attempt, progress, result, Date.now());
    for (const name of ['run', 'figures', 'rows', 'partial', 'partial-rows', 'events']) {
      expect(await redis.ttl(`${prefix}${name}:run-a`), name).toBeGreaterThan(0);
      expect(await redis.ttl(`${prefix}${name}:run-a`), name).toBeLessThanOrEqual(90);
    }
    expect(await store.secondsLeft('run-a')).toBeLessThanOrEqual(90);
    expect(await store.secondsLeft('run-b')).toBe(0);
  });

  it('partial results only a minute beyond the final one, also when somebody asks again', async () => {
    await ask('a');
    const attempt = (await store.begin('run-a', Date.now()))?.attempt ?? 0;
    await store.advance('run-a', attempt, progress, result);
    expect(await redis.ttl(`${prefix}partial:run-a`)).toBeGreaterThan(60);
    await store.succeed('run-a', attempt, progress, result, Date.now());
    await ask('a');
    for (const name of ['partial', 'partial-rows']) {
      expect(await redis.ttl(`${prefix}${name}:run-a`)).toBeGreaterThan(0);
      expect(await redis.ttl(`${prefix}${name}:run-a`)).toBeLessThanOrEqual(60);
    }
    expect(await redis.ttl(`${prefix}figures:run-a`)).toBeGreaterThan(60);
  });
});

describe('a question that many ask at the same moment', () => {
  it('is one run with all of them attached', async () => {
    const asked = await Promise.all(
      Array.from({ length: 40 }, (_unused, n) =>
        store.attach({
          ...{ topic: 'cat', preset: null, spec, engine: 'embedded', engineChoice: 'embedded' },
          snapshot: { id: 'snap', watermark: 0, files: 0, posts: 0 },
          ...{ id: `client-${String(n)}`, runId: `run-${String(n)}`, key: 'same', now: Date.now() },
          ...{ idempotencyKey: null, fingerprint: '' },
        }),
      ),
    );
    const runs = asked.map((attached) => ('runId' in attached ? attached.runId : attached.how));
    expect(new Set(runs).size).toBe(1);
    expect(asked.filter(({ how }) => how === 'new')).toHaveLength(1);
    expect(await redis.scard(`${prefix}clients:${runs[0] ?? ''}`)).toBe(40);
  });

  it('with one idempotency key is one analysis', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_unused, n) =>
        store.attach({
          ...{ topic: 'cat', preset: null, spec, engine: 'embedded', engineChoice: 'embedded' },
          snapshot: { id: 'snap', watermark: 0, files: 0, posts: 0 },
          ...{ id: `client-${String(n)}`, runId: `run-${String(n)}`, key: 'same', now: Date.now() },
          ...{ idempotencyKey: 'one and the same', fingerprint: 'x' },
        }),
      ),
    );
    expect(new Set(asked.map((attached) => ('id' in attached ? attached.id : attached.how))).size).toBe(1);
    expect(asked.filter(({ how }) => how === 'new')).toHaveLength(1);
    expect(asked.filter(({ how }) => how === 'known')).toHaveLength(19);
  });
});

describe('a stream of which Redis lost the end', () => {
  it('is told afresh, to those who were there and to those who come back', async () => {
    const events = new RunEvents(store, new Channels(subscriber));
    await ask('a');
    const attempt = (await store.begin('run-a', Date.now()))?.attempt ?? 0;
    await store.advance('run-a', attempt, progress, null);
    const there = events.subscribe('run-a', 'client-a', 0);
    const next = async (of: AsyncIterableIterator<RunEvent>): Promise<number> =>
      ((await of.next()) as IteratorYieldResult<RunEvent>).value.seq;
    expect([await next(there), await next(there), await next(there)]).toEqual([1, 2, 3]);
    await redis.xdel(`${prefix}events:run-a`, '2-0', '3-0');
    await redis.hset(`${prefix}run:run-a`, 'seq', 1);
    await redis.publish(store.keys.runChannel, 'run-a');
    expect(await next(there)).toBe(1);
    const back = events.subscribe('run-a', 'client-a', 3);
    expect(await next(back)).toBe(1);
    events.close();
  });
});

describe('the capture status', () => {
  it('is parsed once for all who follow it', async () => {
    const empty = { take: () => Promise.reject(new Error('empty')) } as unknown as Snapshots;
    const capture = new CaptureService(redis, prefix, new Channels(subscriber), empty, '/data/lake');
    const followers = [capture.follow(), capture.follow()];
    for (const follower of followers) await follower.next();
    await until('the channel is subscribed to', () => heardBy(redis, `${prefix}capture`));
    const pending = followers.map((follower) => follower.next());
    const accounting = { received: 0, stored: 0, duplicates: 0, deletes: 0, not_posts: 0, dead_letters: 0, pending: 0 };
    const status = { state: 'LIVE', problem: null, demo: false, accounting, rates: [], recent: [], progress: null };
    await redis.publish(`${prefix}capture`, JSON.stringify({ ...status, posts: 1, oldest: 1, watermark: 2 }));
    const [a, b] = await Promise.all(pending);
    expect(a?.value).toMatchObject({ state: 'LIVE', posts: 1 });
    expect(b?.value).toBe(a?.value);
    for (const follower of followers) await follower.return?.();
  });
});
