import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isLivyError, LivyClient, LivySession, SessionPool } from '../src/index.js';
import { FaultyProxy } from './faulty-proxy.js';
import { LIVY_URL, newClient, PATIENCE_MS, SMALL, startSession, uniqueName } from './support.js';

const STATEMENTS = /\/statements$/;
const STATEMENT = /\/statements\/\d+$/;
// How often a program with this key has run here is kept outside its scope, where only running it again could change it.
const COUNTED = `import builtins
runs = builtins.__dict__.setdefault("livy_contract_runs", {})
runs[params] = runs.get(params, 0) + 1
result = [params, runs[params]]`;

// Between client and server replies are lost, late, doubled, and requests come twice: no second driver, no program run
// twice, and never the answer of another.
describe('lost, late and doubled exchanges', () => {
  const direct = newClient();
  let proxy: FaultyProxy;
  let client: LivyClient;
  let session: LivySession;

  beforeAll(async () => {
    proxy = await FaultyProxy.start(LIVY_URL);
    client = new LivyClient({ url: proxy.url, attemptTimeoutMs: 2_000 });
    const started = await startSession(direct, 'replies');
    session = new LivySession(client, started.identity);
  });

  beforeEach(() => {
    proxy.choose = () => undefined;
    proxy.seen.length = 0;
  });

  afterAll(async () => {
    await direct.deleteSession(session.identity.name);
    client.close();
    direct.close();
    await proxy.stop();
  });

  const sent = (kind: RegExp): number => proxy.seen.filter((line) => line.startsWith('POST') && kind.test(line)).length;

  it.each(['request-lost', 'reply-lost'] as const)('a creation, %s: one session of that name', async (fault) => {
    const name = uniqueName('lost');
    let struck = false;
    proxy.choose = (method, path) => {
      if (struck || method !== 'POST' || path !== '/sessions') return undefined;
      struck = true;
      return fault;
    };
    try {
      const created = await client.createSession({ ...SMALL, name });
      expect(created.name).toBe(name);
      expect((await direct.allSessions()).filter((s) => s.name === name).map((s) => s.id)).toEqual([created.id]);
      expect(sent(/\/sessions$/)).toBe(fault === 'reply-lost' ? 1 : 2);
    } finally {
      await direct.deleteSession(name);
    }
  });

  it.each([
    ['the request lost', 'request-lost'],
    ['the reply lost', 'reply-lost'],
    ['the reply late', { lateMs: 3_000 }],
    ['the request doubled', 'request-twice'],
  ] as const)('a statement, %s: run once', async (_, fault) => {
    const key = randomBytes(6).toString('hex');
    let struck = false;
    proxy.choose = (method, path) => {
      if (struck || method !== 'POST' || !STATEMENTS.test(path)) return undefined;
      struck = true;
      return fault;
    };
    expect((await session.run(COUNTED, key)).result).toEqual([key, 1]);
    proxy.choose = () => undefined;
    expect((await session.run(COUNTED, key)).result).toEqual([key, 2]);
  });

  it.each([
    ['lost', 'reply-lost'],
    ['late', { lateMs: 2_500 }],
  ] as const)('every third look at a statement %s: asked again', async (_, fault) => {
    proxy.every(3, 'GET', STATEMENT, fault);
    for (let n = 0; n < 4; n++) {
      expect((await session.run('import time\ntime.sleep(0.1)\nresult = params', n)).result).toBe(n);
    }
  });

  it("replies that come again later, on a connection in use: no job gets another one's answer", async () => {
    const prefix = uniqueName('again');
    const pool = new SessionPool({ client, prefix, max: 1, session: SMALL, acquireTimeoutMs: PATIENCE_MS });
    const outcomes = { answered: 0, failed: 0 };
    try {
      let count = 0;
      const job = async (n: number): Promise<void> => {
        try {
          const { result } = await pool.withSession((s) => s.run('import time\ntime.sleep(0.02)\nresult = params', n));
          expect(result).toBe(n);
          outcomes.answered++;
        } catch (error) {
          if (!isLivyError(error)) throw error;
          outcomes.failed++;
        }
      };
      await job(-1);
      proxy.choose = (_, path) => (path.includes(prefix) && ++count % 5 === 0 ? { againMs: count % 15 } : undefined);
      for (let n = 0; n < 30; n++) await job(n);
      expect(count).toBeGreaterThan(60);
      expect(outcomes).toEqual({ answered: 31, failed: 0 });
    } finally {
      proxy.choose = () => undefined;
      await pool.close();
    }
  });
});
