import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { HOUR_MS } from '@analytica/domain';
import { lakeLocation, LakeWriter } from '@analytica/lake';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { FIXTURE_END, growLake, makeLake, removeLake } from './fixture-lake.js';
import { Stack, testEnv, testRedisUrl, until } from './stack.js';

const PAGE = `query ($id: ID!, $after: String) { posts(analysisId: $id, order: NEWEST, first: 100, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`;
const FIRST = 1_200;

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly unknown[];
}

let dataDir: string;
let stack: Stack;

beforeEach(async () => {
  dataDir = await makeLake({ hours: 1, perHour: FIRST });
  await growLake(dataDir, FIRST + 1, 300);
  await growLake(dataDir, FIRST + 301, 300);
});

afterEach(async () => {
  await stack.close();
  await removeLake(dataDir);
});

/** Merges the two files of the last hour, and deletes what nobody holds as if 16 minutes had passed. */
async function compactAndSweep(): Promise<number> {
  let now = 0;
  const lake = await LakeWriter.open(lakeLocation(dataDir, 'demo'), { retentionDays: 0, clock: () => now });
  await lake.compact(FIXTURE_END + 3 * HOUR_MS, new AbortController().signal);
  expect(lake.manifest.files).toHaveLength(2);
  now += 16 * 60_000;
  const removed = await lake.sweep();
  await lake.close();
  return removed;
}

async function page(id: string, after: string | null): Promise<Page> {
  const { data, errors } = await stack.ask(PAGE, { id, after });
  expect(errors).toEqual([]);
  return data('posts') as Page;
}

/** The page that ends with the last row that the result carries. */
async function lastStored(id: string): Promise<Page> {
  let found = await page(id, null);
  for (let i = 1; i < 10; i++) found = await page(id, found.pageInfo.endCursor);
  return found;
}

describe('pages beyond the stored rows', () => {
  it('can be read on after compaction, and end clearly once the data is gone', async () => {
    stack = await Stack.start(testEnv(dataDir));
    const id = await stack.begin('cat');
    await stack.events(id);
    expect(await compactAndSweep()).toBe(0); // held
    const last = await lastStored(id);
    expect(last.pageInfo.hasNextPage).toBe(true);
    const deep = await page(id, last.pageInfo.endCursor);
    expect(deep).toMatchObject({ totalCount: FIRST + 600, pageInfo: { hasNextPage: true } });
    expect(deep.edges).toHaveLength(100);

    // The quarter of an hour is over.
    await rm(lakeLocation(dataDir, 'demo').pins, { recursive: true });
    expect(await compactAndSweep()).toBe(2);
    await until('the promise is taken back', async () => !(await lastStored(id)).pageInfo.hasNextPage);
    const { errors } = await stack.ask(PAGE, { id, after: deep.pageInfo.endCursor });
    expect(errors).toMatchObject([
      { message: 'The data behind this answer has expired. Ask again.', extensions: { code: 'NOT_FOUND' } },
    ]);
    expect((await page(id, null)).edges).toHaveLength(100);
  });

  it('a question that waited until its data was gone says so', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const id = await stack.begin('cat');
    expect(await compactAndSweep()).toBe(2);
    await stack.addWorker();
    const events = await stack.events(id);
    expect(events.at(-1)?.analysis).toMatchObject({
      status: 'FAILED',
      error: { code: 'NOT_FOUND', message: 'The data behind this answer has expired. Ask again.' },
    });
  });

  it('a cursor from beyond the end gives an empty page and starts nothing', async () => {
    stack = await Stack.start(testEnv(dataDir));
    const id = await stack.begin('cat');
    await stack.events(id);
    await Promise.all(stack.workers.splice(0).map((worker) => worker.close())); // a job would wait in vain
    for (const index of [FIRST + 600, 1e9, Number.MAX_SAFE_INTEGER - 1]) {
      const after = Buffer.from(JSON.stringify(['newest', index, 0, '', ''])).toString('base64url');
      expect(await page(id, after)).toEqual({
        totalCount: FIRST + 600,
        pageInfo: { hasNextPage: false, endCursor: null },
        edges: [],
      });
    }
    const redis = new Redis(testRedisUrl());
    expect(await redis.keys(`${stack.config.redis.prefix}bull:pages:*-newest-*`)).toEqual([]);
    redis.disconnect();
  });
});

describe('a job that is lost', () => {
  async function loseJobs(): Promise<void> {
    const redis = new Redis(testRedisUrl());
    const keys = await redis.keys(`${stack.config.redis.prefix}bull:runs:*`);
    await redis.del(...keys);
    redis.disconnect();
  }

  it('of a waiting run is made again when somebody asks', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const id = await stack.begin('cat');
    await loseJobs();
    await stack.begin('cat');
    await stack.addWorker();
    await until('the run succeeded', async () => (await stack.status(id)) === 'SUCCEEDED');
  });

  it('of a running run is made again when somebody follows it', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const id = await stack.begin('cat');
    const redis = new Redis(testRedisUrl());
    const run = await redis.hget(`${stack.config.redis.prefix}analysis:${id}`, 'run');
    await redis.hset(`${stack.config.redis.prefix}run:${run ?? ''}`, 'status', 'RUNNING', 'attempt', 1);
    redis.disconnect();
    await loseJobs();
    const events = stack.events(id);
    await stack.addWorker();
    expect((await events).at(-1)?.analysis.status).toBe('SUCCEEDED');
  });
});

describe('workers on one machine', () => {
  it('have temporary folders of their own, and leave none', async () => {
    stack = await Stack.start(testEnv(dataDir));
    await stack.addWorker();
    const folders = async (): Promise<string[]> => readdir(join(dataDir, 'tmp'));
    expect(await folders()).toHaveLength(2);
    await Promise.all(stack.workers.splice(0).map((worker) => worker.close()));
    expect(await folders()).toEqual([]);
  });
});

describe('a server on this machine alone', () => {
  /** `fetch` sets the Host header itself. */
  async function status(path: string, host: string): Promise<number | undefined> {
    const { hostname, port } = new URL(stack.http.url);
    return new Promise((resolve, reject) => {
      request({ hostname, port, path, headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }

  it('answers to its own names only', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    for (const path of ['/', '/graphql', '/metrics', '/health/live']) {
      expect(await status(path, 'evil.example:8080')).toBe(421);
    }
    for (const host of ['localhost', 'localhost:99', '127.0.0.1', '[::1]:8080']) {
      expect(await status('/health/live', host)).toBe(200);
    }
    const upgrade = async (host: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${stack.http.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
          headers: { host, origin: `http://${host}` },
        });
        socket.once('open', () => {
          socket.close();
          resolve('open');
        });
        socket.once('error', (error) => {
          resolve(error.message);
        });
      });
    expect(await upgrade('evil.example')).toMatch(/421/);
    expect(await upgrade('localhost')).toBe('open');
  });
});

describe('a server whose data is damaged', () => {
  it('keeps to itself where it lies', async () => {
    const { root } = lakeLocation(dataDir, 'demo');
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'manifest.json'), '{"formatVersion": 7}');
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const answer = await stack.ask(
      'mutation { startAnalysis(input: { topic: "cat", interval: { preset: LAST_24_HOURS } }) { analysis { id } } }',
    );
    expect(answer.errors[0]?.extensions.code).toBe('LAKE_CORRUPT');
    const ready = await (await fetch(`${stack.http.url}/health/ready`)).text();
    expect(ready).toMatch(/damaged/);
    for (const told of [JSON.stringify(answer.errors), ready]) {
      expect(told).not.toContain(dataDir);
      expect(told).not.toMatch(/manifest\.json|node_modules|stacktrace|at .*\.js/);
    }
  });
});
