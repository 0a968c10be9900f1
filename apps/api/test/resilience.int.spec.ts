import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLake, removeLake } from './fixture-lake.js';
import { freePort, Stack, testEnv, until } from './stack.js';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const POSTS = 24 * 3_000;

let dataDir: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  dataDir = await makeLake({ hours: 24, perHour: 3_000 });
});

afterAll(async () => {
  await removeLake(dataDir);
});

afterEach(async () => {
  await Promise.all([...children].map((child) => kill(child)));
});

async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return gone;
}

async function run(command: string, args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(command, args, {
    cwd: PROJECT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.stderr.resume();
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => {
      reject(new Error(`${command} ended`));
    });
  });
  child.stdout.resume();
  return child;
}

async function workerProcess(env: Record<string, string>, paceMs: number): Promise<ChildProcess> {
  return run(process.execPath, ['test/worker-process.mjs'], { ...env, TEST_PACE_MS: String(paceMs) });
}

async function redisProcess(port: number, dir: string): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes', '--save', ''];
  return run('redis-server', [...args, '--appendfsync', 'always'], {});
}

describe('a worker that is killed', () => {
  it('mid-run: the run ends right on another worker, and a subscriber sees one sequence', async () => {
    const env = testEnv(dataDir);
    const stack = await Stack.start(env, { worker: false });
    const first = await workerProcess(env, 4_000);
    const id = await stack.begin('cat');
    const whole = stack.events(id);
    await stack.events(id, 0, ({ analysis }) => analysis.status === 'RUNNING');
    await kill(first);
    await workerProcess(env, 0);
    const events = await whole;
    expect(events.at(-1)?.analysis).toMatchObject({ status: 'SUCCEEDED', result: { complete: true, posts: POSTS } });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    await stack.close();
  });

  it('by SIGTERM gives its run back at once and exits with 0', async () => {
    const env = testEnv(dataDir);
    const stack = await Stack.start(env, { worker: false });
    const first = await workerProcess(env, 120_000);
    const id = await stack.begin('cat');
    await stack.events(id, 0, ({ analysis }) => analysis.status === 'RUNNING');
    const startedAt = Date.now();
    const exit = kill(first, 'SIGTERM');
    await until('the run waits again', async () => (await stack.status(id)) === 'QUEUED');
    expect(await exit).toBe(0);
    expect(Date.now() - startedAt, 'its engine would still hold it').toBeLessThan(90_000);
    await stack.addWorker();
    await until('the run succeeded', async () => (await stack.status(id)) === 'SUCCEEDED');
    await stack.close();
  });
});

describe('Redis that goes away', () => {
  it('mid-run: clear errors at once, and everything goes on when it is back', async () => {
    const port = await freePort();
    const dir = await mkdtemp(join(tmpdir(), 'analytica-redis-'));
    let redis = await redisProcess(port, dir);
    const stack = await Stack.start(testEnv(dataDir, { REDIS_URL: `redis://127.0.0.1:${String(port)}` }), {
      paceMs: 3_000,
    });
    const id = await stack.begin('cat');
    const before = await stack.events(id, 0, ({ analysis }) => analysis.status === 'RUNNING');
    const follower = stack.events(id, before.at(-1)?.seq).catch((error: unknown) => String(error));

    await kill(redis);
    const askedAt = Date.now();
    const start = await stack.ask(
      'mutation { startAnalysis(input: { topic: "sat", interval: { preset: LAST_24_HOURS } }) { analysis { id } } }',
    );
    expect(start.errors[0]?.extensions.code).toBe('QUEUE_UNAVAILABLE');
    const query = await stack.ask('query ($id: ID!) { analysis(id: $id) { id } }', { id });
    expect(query.errors[0]?.extensions.code).toBe('QUEUE_UNAVAILABLE');
    expect(Date.now() - askedAt).toBeLessThan(20_000); // two deadlines of 1.5 s, and what a slow machine adds
    expect((await fetch(`${stack.http.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${stack.http.url}/health/live`)).status).toBe(200);
    const capture = await stack.ask('{ capture { state problem } }');
    expect(capture.data('capture.state')).toBe('UNKNOWN');
    expect(capture.data('capture.problem')).toMatch(/Redis/);
    expect(await follower).toMatch(/QUEUE_UNAVAILABLE/);

    redis = await redisProcess(port, dir);
    await until('the API answers again', async () => (await stack.status(id)) !== 'QUEUE_UNAVAILABLE');
    const rest = await stack.events(id, before.at(-1)?.seq);
    expect(rest.at(-1)?.analysis).toMatchObject({ status: 'SUCCEEDED', result: { complete: true, posts: POSTS } });
    const all = [...before, ...rest].map(({ seq }) => seq);
    expect(all).toEqual(all.map((_, i) => i + 1));
    const next = await stack.begin('sat');
    expect((await stack.events(next)).at(-1)?.analysis.status).toBe('SUCCEEDED');
    await stack.close();
    await kill(redis);
    await rm(dir, { recursive: true, force: true });
  });

  it('from the start: the API comes up, says so, and works once it is there', async () => {
    const port = await freePort();
    const dir = await mkdtemp(join(tmpdir(), 'analytica-redis-'));
    const stack = await Stack.start(testEnv(dataDir, { REDIS_URL: `redis://127.0.0.1:${String(port)}` }));
    expect((await stack.ask('{ analysis(id: "0") { id } }')).errors[0]?.extensions.code).toBe('NOT_FOUND');
    await expect(stack.begin('cat')).rejects.toThrow(/QUEUE_UNAVAILABLE/);
    const redis = await redisProcess(port, dir);
    await until('a start is taken', () =>
      stack.begin('cat').then(
        () => true,
        () => false,
      ),
    );
    const id = await stack.begin('cat');
    await until('the run succeeded', async () => (await stack.status(id)) === 'SUCCEEDED');
    await stack.close();
    await kill(redis);
    await rm(dir, { recursive: true, force: true });
  });
});
