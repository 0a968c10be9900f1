import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { captureKey, readRedisAddress, redisKeyPrefix } from '@analytica/domain/contracts';
import { RedisLeaseStore } from '@analytica/livy/redis';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedis, type RedisClient } from '../src/redis/redis-client.js';
import { leasePrefix } from '../src/worker/session-pool.js';
import { makeLake, removeLake } from './fixture-lake.js';
import { TestCluster } from './redis-cluster.js';
import { Stack, testEnv, until } from './stack.js';

const PAGE = `query ($id: ID!, $after: String) { posts(analysisId: $id, order: NEWEST, first: 100, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`;
const POSTS = 1_200;

interface Page {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: { readonly id: string } }[];
}

let cluster: TestCluster;
let dataDir: string;
let stack: Stack;
let client: RedisClient;

beforeAll(async () => {
  [cluster, dataDir] = await Promise.all([TestCluster.start(), makeLake({ hours: 1, perHour: POSTS })]);
  const address = readRedisAddress(cluster.url);
  if (address === null) throw new Error(cluster.url);
  client = openRedis(address, { name: 'test', waits: true, commandTimeoutMs: null });
  stack = await Stack.start(testEnv(dataDir, { REDIS_URL: cluster.url, REDIS_PREFIX: 'cluster-test:' }));
});

afterAll(async () => {
  await stack.close();
  client.disconnect();
  await cluster.close();
  await removeLake(dataDir);
});

describe('on a Redis Cluster', () => {
  it('the client is the one for clusters', () => {
    expect(client).toBeInstanceOf(Cluster);
    expect(stack.config.redis).toMatchObject({ address: { type: 'cluster' }, prefix: '{cluster-test}:' });
  });

  it('a question is asked, answered and followed', async () => {
    const id = await stack.begin('cat');
    const events = await stack.events(id);
    expect(events.at(-1)?.analysis).toMatchObject({ status: 'SUCCEEDED', result: { complete: true } });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  });

  it('posts beyond the stored ones are fetched', async () => {
    const id = await stack.begin('cat');
    await stack.events(id);
    const ids = new Set<string>();
    for (let after: string | null = null, more = true; more;) {
      const page = (await stack.ask(PAGE, { id, after })).data('posts') as Page;
      for (const { node } of page.edges) ids.add(node.id);
      ({ endCursor: after, hasNextPage: more } = page.pageInfo);
    }
    expect(ids.size).toBe(POSTS);
  });

  it('a question is cancelled', async () => {
    await Promise.all(stack.workers.splice(0).map((worker) => worker.close()));
    const id = await stack.begin('dog');
    expect(await stack.status(id)).toBe('QUEUED');
    await stack.ask('mutation ($id: ID!) { cancelAnalysis(id: $id) { analysis { status } } }', { id });
    expect(await stack.status(id)).toBe('CANCELLED');
    await stack.addWorker();
  });

  it('the capture status is heard', async () => {
    const accounting = { received: 7, stored: 0, duplicates: 0, deletes: 0, not_posts: 0, dead_letters: 0, pending: 0 };
    const status = { state: 'LIVE', problem: null, demo: false, accounting, rates: [], recent: [], progress: null };
    const message = JSON.stringify({ ...status, posts: 1, oldest: 1, watermark: 2 });
    const events = stack
      .client()
      .iterate({ query: 'subscription { captureEvents { state accounting { received } } }' });
    expect((await events.next()).value).toMatchObject({ data: { captureEvents: { state: 'UNKNOWN' } } });
    await sleep(500); // PUBSUB NUMSUB counts the listeners of one node only
    // As the ingestor does it, by the prefix that both are given.
    await client
      .multi()
      .set(captureKey('cluster-test:'), message, 'EX', 15)
      .publish(captureKey('cluster-test:'), message)
      .exec();
    expect((await events.next()).value).toMatchObject({ data: { captureEvents: { accounting: { received: 7 } } } });
    await events.return?.();
  });

  it('the pool keeps its leases', async () => {
    const prefix = leasePrefix('cluster-test:');
    const [one, other] = [new RedisLeaseStore(client, { prefix }), new RedisLeaseStore(client, { prefix })];
    const made = await one.reserve('session', 'one', 1, 60_000);
    if (made === undefined) throw new Error('no lease');
    expect(await other.reserve('second', 'other', 1, 60_000)).toBeUndefined();
    let free = 0;
    other.onFree(() => (free += 1));
    const limits = { perTenant: 9 };
    expect(await other.lease('other', 'tenant', limits, 60_000)).toBeUndefined();
    expect(await one.release(made, { id: 1 })).toBe(true);
    await until('a free session is announced', async () => {
      const lease = await one.lease('one', 'tenant', limits, 60_000);
      if (typeof lease === 'object') await one.release(lease, {});
      return free > 0;
    });
    const taken = await other.lease('other', 'tenant', limits, 60_000);
    expect(taken).toMatchObject({ owner: 'other', session: { name: 'session', state: 'leased', id: 1 } });
    expect(await one.renew(made, 60_000)).toBe(false);
    expect((await one.log()).slice(0, 2).map(({ event }) => event)).toEqual(['acquire', 'release']);
    await Promise.all([one.close(), other.close()]);
  });

  it('every key of the deployment lies on one node', async () => {
    const keys = await cluster.keys();
    const used = keys.filter((all) => all.length > 0);
    expect(used).toHaveLength(1);
    for (const key of used[0] ?? []) expect(key).toMatch(/^\{cluster-test\}:/);
  });

  it('another deployment lies elsewhere', async () => {
    const other = redisKeyPrefix(`other-${randomBytes(8).toString('hex')}:`);
    await client.set(`${other}x`, '1');
    expect(await client.get(`${other}x`)).toBe('1');
    await client.del(`${other}x`);
  });
});
