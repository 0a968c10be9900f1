import { Redis } from 'ioredis';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MemoryLeaseStore, SessionPool, type Lease } from '../src/index.js';
import { RedisLeaseStore, type LeaseLogEntry } from '../src/redis/index.js';
import { redisUrl } from './config.js';
import { codeOf, failure, LIVY_URL, newClient, newPool, SMALL, uniqueName } from './support.js';

type Line = Readonly<Record<string, unknown>>;

class Worker {
  readonly lines: Line[] = [];
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(task: Line) {
    const options = { stdio: ['pipe', 'pipe', 'inherit'] as ['pipe', 'pipe', 'inherit'] };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'pool-worker.ts'), JSON.stringify(task)], options);
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line) as Line));
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  async until(key: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => key in line);
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null) throw new Error(`the worker ended before it said ${key}`);
      await wait(50);
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Leases of one session that were held by two at once, by the log: none may be. */
function overlaps(log: readonly LeaseLogEntry[]): string[] {
  const holder = new Map<string, number>();
  const wrong: string[] = [];
  for (const { event, name, token } of log) {
    const now = holder.get(name);
    if (event === 'acquire') {
      if (now !== undefined) wrong.push(`${name}: ${String(token)} while ${String(now)}`);
      holder.set(name, token);
    } else {
      if (now !== token) wrong.push(`${name}: ${event} of ${String(token)} while ${String(now)}`);
      holder.delete(name);
    }
  }
  return wrong;
}

describe('pool', () => {
  const client = newClient();
  const prefix = uniqueName('shared');
  let redis: Redis;
  let store: RedisLeaseStore;
  const workers: Worker[] = [];
  const start = (task: Line): Worker => {
    const all = { prefix, max: 2, from: 0, step: 1, to: 0, stall: false, leaseTtlMs: 4_000, store: 'redis' };
    const worker = new Worker({ ...all, livyUrl: LIVY_URL, redisUrl: redisUrl(), ...task });
    workers.push(worker);
    return worker;
  };

  beforeAll(() => {
    redis = new Redis(redisUrl() ?? '');
    store = new RedisLeaseStore(redis, { prefix });
  });

  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill();
  });

  afterAll(async () => {
    const ours = (await client.allSessions()).filter((s) => s.name?.startsWith(prefix));
    await Promise.all(ours.map((s) => client.deleteSession(s.name ?? s.id)));
    redis.disconnect();
    client.close();
  });

  it('two processes, 200 jobs, two sessions: never shared at the same time', async () => {
    const both = [start({ from: 0, step: 2, to: 200 }), start({ from: 1, step: 2, to: 200 })];
    expect(await Promise.all(both.map((worker) => worker.ended))).toEqual([0, 0]);
    const answers = both.flatMap((worker) => worker.lines).filter((line) => 'asked' in line);
    expect(answers.filter((line) => 'failed' in line)).toEqual([]);
    expect(new Set(answers.map((line) => line['asked'])).size).toBe(200);
    for (const { asked, result } of answers) expect(result).toEqual({ n: asked, met: null, still: true });
    const tokens = answers.map((line) => line['token']);
    expect(new Set(tokens).size).toBe(200);
    const log = await store.log();
    expect(log.filter((entry) => entry.event === 'acquire').length).toBeGreaterThanOrEqual(200);
    expect(overlaps(log)).toEqual([]);
    const owners = new Set(log.map((entry) => entry.owner));
    expect(owners.size).toBe(2);
    // 50 statements and a session is replaced: 200 jobs need four at least.
    const used = new Set(answers.map((line) => line['name'])).size;
    expect(used).toBeGreaterThanOrEqual(4);
    expect(used).toBeLessThanOrEqual(8);
  });

  it('kill -9 of a worker: its lease runs out, its statement is cancelled, the session goes to another', async () => {
    const victim = start({ max: 1, to: 1, stall: true });
    const { stalled } = await victim.until('stalled');
    await wait(1_000);
    victim.kill();
    await wait(4_500);
    const heir = start({ max: 1, from: 7, to: 8 });
    expect(await heir.ended).toBe(0);
    const answer = await heir.until('asked');
    // The session sleeps on whatever is cancelled, so it is given up: what the heir used is another, and holds nothing of the old job.
    expect(answer).toMatchObject({ asked: 7, result: { n: 7, met: null, still: true } });
    expect(answer['name']).not.toBe(stalled);
    const log = await store.log();
    expect(log.some((entry) => entry.event === 'expired' && entry.name === stalled)).toBe(true);
    expect(overlaps(log)).toEqual([]);
  });

  it("kill -9 of a process with its books in memory: the next one's janitor deletes what it left", async () => {
    const alone = uniqueName('alone');
    const victim = start({ prefix: alone, store: 'memory', max: 1, to: 1, stall: true });
    const { stalled } = await victim.until('stalled');
    victim.kill();
    const orphans: string[] = [];
    const pool = new SessionPool({
      client,
      prefix: alone,
      max: 1,
      session: SMALL,
      metrics: { orphan: (name) => orphans.push(name) },
    });
    const left = async (): Promise<number> => (await client.allSessions()).filter((s) => s.name === stalled).length;
    while ((await left()) > 0) await wait(250);
    expect(orphans).toEqual([stalled]);
    expect(await pool.sessions()).toEqual([]);
    await pool.close();
  });

  it('a holder that lost its lease is told, and keeps off the session', async () => {
    class Forgetful extends MemoryLeaseStore {
      forget = false;
      override async renew(lease: Lease, ttlMs: number): Promise<boolean> {
        return !this.forget && (await super.renew(lease, ttlMs));
      }
    }
    const books = new Forgetful();
    const { pool } = newPool(client, { store: books, leaseTtlMs: 3_000 });
    const session = await pool.acquire();
    const running = failure(session.run('import time\ntime.sleep(5)\nresult = 1'));
    books.forget = true;
    expect((await running).code).toBe('LEASE_LOST');
    expect(session.signal.aborted).toBe(true);
    await session.release();
    expect((await client.getSession(session.identity.name)).state).toBe('busy');
    books.forget = false;
    // The lease runs out and upkeep takes the session: it is probed, and used again or deleted.
    const next = await pool.acquire();
    expect(next.token).toBeGreaterThan(session.token);
    expect((await next.run('result = 2')).result).toBe(2);
    await next.release();
    await pool.close();
  });

  it("keeps to its limits: a tenant's, the queue's, the deadline", async () => {
    const { pool } = newPool(client, { maxWaiting: 1, perTenant: 1 });
    const held = await pool.acquire({ tenant: 'a' });
    const waiting = pool.acquire({ tenant: 'b' });
    expect(await codeOf(pool.acquire({ tenant: 'c' }))).toBe('POOL_SATURATED');
    await held.release();
    const got = await waiting;
    expect(got.identity).toEqual(held.identity);
    expect(got.token).toBeGreaterThan(held.token);
    expect(await codeOf(held.run('result = 1'))).toBe('LEASE_LOST');
    expect(await codeOf(pool.acquire({ timeoutMs: 300 }))).toBe('ACQUIRE_TIMEOUT');
    const abort = new AbortController();
    const aborted = codeOf(pool.acquire({ signal: abort.signal }));
    abort.abort();
    expect(await aborted).toBe('ABORTED');
    await got.release();
    await pool.close();
    expect(await codeOf(pool.acquire())).toBe('POOL_CLOSED');
    expect((await client.allSessions()).some((s) => s.name === held.identity.name)).toBe(false);
  });
});
