import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostPage } from '@analytica/engine';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Channels } from '../src/redis/channels.js';
import { PageReader } from '../src/runs/page-reader.js';
import { PageStore } from '../src/runs/page-store.js';
import { heardBy, testRedisUrl, until } from './stack.js';

const PAGE: { readonly page: PostPage } = { page: { posts: [], retweeted: [], total: 7 } };

let redis: Redis;
let subscriber: Redis;
let pages: PageStore;
let reader: PageReader;
let jobs: number;

const request = (): Promise<void> => {
  jobs += 1;
  return Promise.resolve();
};

beforeEach(() => {
  redis = new Redis(testRedisUrl());
  subscriber = new Redis(testRedisUrl());
  pages = new PageStore(redis, `test-${randomBytes(6).toString('hex')}:`);
  jobs = 0;
});

afterEach(() => {
  reader.close();
  redis.disconnect();
  subscriber.disconnect();
});

describe('a reader of a page', () => {
  it('has it as soon as it is announced, and looks for it only then', async () => {
    reader = new PageReader(pages, new Channels(subscriber), 60_000);
    const read = [reader.read('a', request, 50_000), reader.read('a', request, 50_000)];
    await until('both wait', async () => jobs === 2 && (await heardBy(redis, pages.channel)));
    const writtenAt = performance.now();
    await pages.write('a', PAGE, 900);
    expect(await Promise.all(read)).toEqual([PAGE, PAGE]);
    expect(performance.now() - writtenAt).toBeLessThan(10_000);
    expect(jobs).toBe(2);
  });

  it('has it by a look where the announcement is lost, and asks for another job', async () => {
    reader = new PageReader(pages, new Channels(subscriber), 200);
    await until('the announcements are heard', () => heardBy(redis, pages.channel));
    const read = reader.read('b', request, 50_000);
    await sleep(500);
    expect(jobs).toBeGreaterThan(1);
    subscriber.disconnect(); // nothing is announced to this process any more
    await pages.write('b', PAGE, 900);
    expect(await read).toEqual(PAGE);
  });

  it('is not kept beyond its deadline', async () => {
    reader = new PageReader(pages, new Channels(subscriber), 60_000);
    const startedAt = performance.now();
    expect(await reader.read('c', request, 300)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('has no page that is older than its result would be', async () => {
    reader = new PageReader(pages, new Channels(subscriber));
    await pages.write('e', PAGE, 7);
    const [key = ''] = await redis.keys(
      `*${pages.channel.slice(pages.channel.indexOf('test-'), -'page'.length)}*page:e`,
    );
    expect(await redis.ttl(key)).toBeGreaterThan(0);
    expect(await redis.ttl(key)).toBeLessThanOrEqual(7);
  });

  it('needs no job for a page that is there', async () => {
    reader = new PageReader(pages, new Channels(subscriber));
    await pages.write('d', PAGE, 900);
    expect(await reader.read('d', request, 1_000)).toEqual(PAGE);
    expect(jobs).toBe(0);
  });
});
