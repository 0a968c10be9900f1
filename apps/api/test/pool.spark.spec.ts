import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RedisLeaseStore } from '@analytica/livy/redis';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { leasePrefix } from '../src/worker/session-pool.js';
import { FIXTURE_END, makeLake, removeLake } from './fixture-lake.js';
import { holdsOf } from './lease-log.js';
import { freePort, Stack, testEnv, testRedisUrl, until } from './stack.js';
import { WorkerProcess } from './worker-process.js';

// Workers as they are shipped, on one pool of Spark sessions.
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const ANALYSES = Number(process.env['SPARK_ANALYSES'] ?? 200);
const PER_HOUR = 240;
const HOURS = 2;
const STEP_MS = 3_600_000 / PER_HOUR;
const SECONDS_EACH = 60;

const START = `mutation ($input: StartAnalysisInput!) { startAnalysis(input: $input) {
  analysis { id engine } userErrors { code message } } }`;
const STATE = `query ($id: ID!) { analysis(id: $id) { status engine error { message } result { posts hash } } }`;

let dataDir: string;
let env: Record<string, string>;
let stack: Stack;
let redis: Redis;
let store: RedisLeaseStore;
const workers: WorkerProcess[] = [];

beforeEach(async () => {
  dataDir = await makeLake({ hours: HOURS, perHour: PER_HOUR });
  env = testEnv(dataDir, {
    LIVY_URL: process.env['LIVY_URL'] ?? '',
    LIVY_POOL_MIN: '1',
    LIVY_POOL_MAX: '2',
    LIVY_SPARK_CONF: '{"spark.driver.memory":"768m"}',
    ENGINE: 'cluster',
  });
  stack = await Stack.start(env, { worker: false });
  redis = new Redis(testRedisUrl());
  store = new RedisLeaseStore(redis, { prefix: leasePrefix(stack.config.redis.prefix) });
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop('SIGTERM')));
  await stack.close();
  for (const { name } of await store.list()) await deleteSession(name);
  await redis.del(...(await redis.keys(`${leasePrefix(stack.config.redis.prefix)}:*`)), 'none');
  await store.close();
  redis.disconnect();
  await removeLake(dataDir);
});

async function deleteSession(name: string): Promise<void> {
  const url = `${env['LIVY_URL'] ?? ''}/sessions/${name}`;
  await fetch(url, { method: 'DELETE', headers: { 'x-requested-by': 'tests' } }).catch(() => undefined);
}

interface LivyStatement {
  readonly id: number;
  readonly state: string;
}

async function statements(session: string): Promise<readonly LivyStatement[]> {
  const answer = await fetch(`${env['LIVY_URL'] ?? ''}/sessions/${session}/statements`);
  return answer.ok ? ((await answer.json()) as { statements: LivyStatement[] }).statements : [];
}

async function addWorker(more: Record<string, string> = {}): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start({ ...env, ...more });
  workers.push(worker);
  return worker;
}

/** Asks about the last `posts` posts: no two questions have the same answer. */
async function ask(posts: number): Promise<string> {
  const interval = {
    from: new Date(FIXTURE_END - posts * STEP_MS).toISOString(),
    to: new Date(FIXTURE_END).toISOString(),
  };
  const answer = await stack.ask(START, { input: { topic: 'cat', interval } });
  const id = answer.data('startAnalysis.analysis.id');
  if (typeof id !== 'string') throw new Error(JSON.stringify(answer.data('startAnalysis')));
  return id;
}

async function state(id: string): Promise<{ status: string; error: unknown; result: { posts: number } | null }> {
  return (await stack.ask(STATE, { id })).data('analysis') as Awaited<ReturnType<typeof state>>;
}

async function over(id: string): Promise<boolean> {
  return !['QUEUED', 'RUNNING'].includes((await state(id)).status);
}

/** A worker that stands still while it holds a session: it cannot give it back before it is killed. */
async function stoppedHolder(): Promise<WorkerProcess | undefined> {
  const found = await holder();
  if (found === undefined) return undefined;
  process.kill(found.pid, 'SIGSTOP');
  // What it said before may still be on its way.
  await wait(100);
  if ((await holder()) === found) return found;
  process.kill(found.pid, 'SIGCONT');
  return undefined;
}

/** Who of the workers holds a session now that is running somebody's question. */
async function holder(): Promise<WorkerProcess | undefined> {
  const busy = new Set((await store.list()).filter((session) => session.state === 'leased').map(({ name }) => name));
  const hold = holdsOf(await store.log()).findLast(({ to, session }) => to === null && busy.has(session));
  return workers.find(({ pid }) => hold?.owner.startsWith(`${String(pid)}-`));
}

it(`two workers, ${String(ANALYSES)} analyses, one worker killed: no session is shared, every answer is right`, async () => {
  await addWorker();
  await addWorker();
  const beganAt = Date.now();
  const asked = new Map<string, number>();
  for (let posts = 1; posts <= ANALYSES; posts++) asked.set(await ask(posts), posts);
  const ids = [...asked.keys()];
  const atOnce = ANALYSES * SECONDS_EACH * 1_000;

  await until('both have done some', () => workers.every(({ ends }) => ends.length >= 3), atOnce);
  let victim: WorkerProcess | undefined;
  await until('one is at work', async () => (victim = await stoppedHolder()) !== undefined, atOnce);
  if (victim === undefined) throw new Error('nobody');
  const { pid } = victim;
  const killedAt = Date.now();
  await victim.stop('SIGKILL');
  const doneBefore = victim.ends.length;

  for (const id of ids) await until(`analysis ${String(asked.get(id))} ended`, () => over(id), atOnce);
  const endedAt = Date.now();
  for (const [id, posts] of asked) {
    expect(await state(id), `the last ${String(posts)} posts`).toMatchObject({
      status: 'SUCCEEDED',
      result: { posts },
    });
  }

  // All may be answered before the dead worker's lease has run out.
  const ofVictim = ({ owner }: { owner: string }): boolean => owner.startsWith(`${String(pid)}-`);
  const reclaimed = async (): Promise<boolean> =>
    holdsOf(await store.log())
      .filter(ofVictim)
      .every(({ to }) => to !== null);
  await until('what it held was taken over', reclaimed, 60_000);

  const holds = holdsOf(await store.log()); // throws where a session was held by two
  const owners = new Set(holds.map(({ owner }) => owner.split('-')[0]));
  expect(owners.size).toBe(2);
  expect(new Set(holds.map(({ session }) => session)).size).toBeGreaterThanOrEqual(2);
  const lost = holds.filter(({ how }) => how === 'expired');
  expect(lost.length).toBeGreaterThanOrEqual(1);
  expect(lost.every(ofVictim)).toBe(true);
  const attempts = await Promise.all(
    (await redis.keys(`${stack.config.redis.prefix}run:*`)).map((key) => redis.hget(key, 'attempt')),
  );
  const again = attempts.filter((attempt) => Number(attempt) > 1).length;
  expect(again).toBeGreaterThanOrEqual(1);
  console.log(
    `${String(ANALYSES)} analyses in ${String(Math.round((endedAt - beganAt) / 1000))} s on at most 2 sessions; ` +
      `${String(holds.length)} leases of ${String(new Set(holds.map(({ session }) => session)).size)} sessions by 2 workers, none shared; ` +
      `worker ${String(pid)} killed after ${String(Math.round((killedAt - beganAt) / 1000))} s and ${String(doneBefore)} runs: ` +
      `${String(lost.length)} lease(s) expired and were taken over, ${String(again)} run(s) began again`,
  );
});

it('what a killed worker left running on a session is cancelled before anybody else gets the session', async () => {
  env = { ...env, LIVY_POOL_MAX: '1' };
  const killed = spawn(process.execPath, ['test/dying-worker.mjs'], {
    cwd: PROJECT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(killed.stdout, 'data')) as [Buffer];
  const name = line.toString().trim();
  const newest = async (): Promise<LivyStatement | undefined> => (await statements(name)).at(-1);
  await until('its job runs', async () => (await newest())?.state === 'running', 60_000);
  const left = (await newest())?.id;
  killed.kill('SIGKILL');
  const killedAt = Date.now();
  await addWorker();
  const id = await ask(7);
  await until('it was answered', () => over(id), 240_000);
  expect(await state(id)).toMatchObject({ status: 'SUCCEEDED', result: { posts: 7 } });
  console.log(
    `the only session, lost with five minutes of work on it, answered another question after ${String(Date.now() - killedAt)} ms`,
  );
  const hold = holdsOf(await store.log()).find(({ how }) => how === 'expired');
  expect(hold).toMatchObject({ session: name });
  expect(hold?.owner.startsWith(`${String(killed.pid)}-`)).toBe(true);
  // Either the session was kept, and the statement is cancelled, or it was deleted with all that ran on it.
  const all = await statements(name);
  if (all.length > 0) expect(all.find((statement) => statement.id === left)?.state).toBe('cancelled');
});

it('a worker that is told to stop gives its run back at once and leaves the sessions to the others', async () => {
  const port = String(await freePort());
  await addWorker({ WORKER_HEALTH_PORT: port });
  const metrics = async (): Promise<string> => await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await until(
    'a session is ready',
    async () => (await metrics()).includes('analytica_livy_sessions{state="idle"} 1'),
    300_000,
  );
  expect(await metrics()).toMatch(/^analytica_livy_start_seconds_count\{phase="warm"\} 1$/m);
  const id = await ask(HOURS * PER_HOUR);
  await until('it is at work', async () => (await holder()) !== undefined, 300_000);
  // The store holds the lease a moment before the worker counts it.
  const counted = /^analytica_livy_acquire_seconds_count\{outcome="ok"\} 1$/m;
  await until('the lease is counted', async () => counted.test(await metrics()), 60_000);
  const [first] = workers;
  await addWorker();
  const askedAt = Date.now();
  expect(await first?.stop('SIGTERM')).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(10_000);
  await until('it was answered', () => over(id), 300_000);
  expect(await state(id)).toMatchObject({ status: 'SUCCEEDED', result: { posts: HOURS * PER_HOUR } });
  expect(holdsOf(await store.log()).filter(({ how }) => how === 'expired')).toEqual([]);
  expect((await store.list()).length).toBeGreaterThanOrEqual(1);
});
