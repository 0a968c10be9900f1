import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { LivyClient, waitForStatement, type LeasedSession } from '../src/index.js';
import { failure, LIVY_URL, newClient, newPool, runRaw } from './support.js';

const JVM = 'sc._jvm.java.lang.ProcessHandle.current().pid()';

// Each fault strikes a job on a session of a small pool, which keeps another one warm. What must follow: the session is given up, the job is done once
// more on another, and nobody is told another one's answer.
describe('faults', () => {
  const client = newClient();
  const { pool, recycled, mismatches } = newPool(client, {
    min: 2,
    max: 3,
    probeMs: 5_000,
  });

  afterEach(() => {
    recycled.length = 0;
  });

  afterAll(async () => {
    await pool.close();
    client.close();
  });

  /** Runs a job that `strike` spoils the first time. */
  async function job(
    strike: (session: LeasedSession) => Promise<unknown>,
    salt: number,
  ): Promise<{ result: unknown; attempts: number }> {
    let attempts = 0;
    const result = await pool.withSession(async (session) => {
      attempts++;
      const before = await session.run('result = ["before", params]', salt);
      expect(before.result).toEqual(['before', salt]);
      if (attempts === 1) await strike(session);
      return (await session.run('result = ["after", params]', salt)).result;
    });
    return { result, attempts };
  }

  const raw = (code: string) => (session: LeasedSession) =>
    runRaw(client, session.identity.name, code).catch(() => undefined);

  it('kill -9 of the driver: dead, and done on another session', async () => {
    const done = await job((s) => s.run(`import os\nos.kill(${JVM}, 9)`), 1);
    expect(done).toEqual({ result: ['after', 1], attempts: 2 });
    expect(recycled).toHaveLength(1);
    expect(['dead', 'vanished', 'nonce']).toContain(recycled[0]);
  });

  it('kill of the Python child: no healing, another session', async () => {
    const done = await job((s) => s.run('import os\nos.kill(os.getpid(), 9)'), 2);
    expect(done).toEqual({ result: ['after', 2], attempts: 2 });
    expect(recycled).toEqual(['dead']);
  });

  it('%json of a datetime kills the interpreter for good', async () => {
    const done = await job(raw('import datetime\nmoment = datetime.datetime(2026, 1, 1)\n%json moment'), 3);
    expect(done).toEqual({ result: ['after', 3], attempts: 2 });
    expect(recycled).toHaveLength(1);
  });

  it('one stray line on standard output: no nonce, quarantine, another session', async () => {
    const before = mismatches();
    const done = await job(raw('import os\nos.system("echo stray")'), 4);
    expect(done).toEqual({ result: ['after', 4], attempts: 2 });
    expect(recycled).toEqual(['nonce']);
    expect(mismatches() - before).toBe(1);
  });

  it('two stray lines: the reply before, known by its nonce and never given', async () => {
    const done = await job(raw('import os\nos.system("echo stray; echo stray")'), 5);
    expect(done).toEqual({ result: ['after', 5], attempts: 2 });
    expect(recycled).toEqual(['nonce']);
  });

  it('a stray line out of one of our own programs', async () => {
    let attempts = 0;
    const result = await pool.withSession(async (session) => {
      attempts++;
      if (attempts === 1) await session.run('import os\nos.system("echo stray")\nresult = "mine"');
      return (await session.run('result = "yours"')).result;
    });
    expect({ result, attempts }).toEqual({ result: 'yours', attempts: 2 });
    expect(recycled).toEqual(['nonce']);
  });

  it('time.sleep(120) cannot be cancelled: the session is deleted, the caller told at once', async () => {
    const began = Date.now();
    const error = await failure(
      pool.withSession((session) =>
        session.run('import time\ntime.sleep(120)', null, { timeoutMs: 2_000, cancelSettleMs: 1_000, probeMs: 2_000 }),
      ),
    );
    expect(error.code).toBe('TIMEOUT');
    expect(error.sessionLost).toBe(true);
    expect(Date.now() - began).toBeLessThan(180_000);
    expect(recycled).toEqual(['stuck']);
    expect(await pool.withSession(async (s) => (await s.run('result = 6')).result)).toBe(6);
  });

  it.each([
    ['a Python child', 'import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nresult = "woken"'],
    ['a driver (its JVM)', `import os, signal\nos.kill(${JVM}, signal.SIGSTOP)\nresult = spark.range(9).count()`],
  ])('%s that stands still (SIGSTOP): the deadline ends it, the session is deleted', async (_, program) => {
    const error = await failure(
      pool.withSession((session) =>
        session.run(program, null, { timeoutMs: 2_000, cancelSettleMs: 1_000, probeMs: 2_000 }),
      ),
    );
    expect(error.code).toBe('TIMEOUT');
    expect(error.sessionLost).toBe(true);
    expect(recycled).toEqual(['stuck']);
    expect(await pool.withSession(async (s) => (await s.run('result = 8')).result)).toBe(8);
  });

  it('a driver out of memory: a typed error, tried twice and no more', async () => {
    let attempts = 0;
    // Arrays of 200 MB, held by the gateway, in a heap of 512 MB.
    const hoard = 'held = []\nfor n in range(8):\n    held.append(sc._gateway.new_array(sc._jvm.long, 25_000_000))';
    const error = await failure(
      pool.withSession((session) => {
        attempts++;
        return session.run(hoard);
      }),
    );
    expect(attempts).toBe(2);
    expect(error.code).toMatch(/^(SESSION_DEAD|SESSION_NOT_FOUND)$/);
    expect(error.sessionLost).toBe(true);
  });

  it('a reply of 60 MB of %json: a typed error, and the session is deleted', async () => {
    const hasty = new LivyClient({ url: LIVY_URL, attemptTimeoutMs: 8_000 });
    const error = await failure(
      pool.withSession(
        async (session) => {
          const { name } = session.identity;
          const first = await client.submitStatement(name, {
            code: 'large = ["x" * 1000] * 60000\n%json large',
          });
          // The look that brings it hangs, or ends the channel; the looks before are short.
          await waitForStatement(hasty, name, first).finally(() => session.retire());
        },
        { retries: 0 },
      ),
    );
    hasty.close();
    expect(['BODY_TOO_LARGE', 'SESSION_DEAD', 'TIMEOUT', 'HTTP']).toContain(error.code);
    expect(recycled).toContain('errors');
    expect(await pool.withSession(async (s) => (await s.run('result = 7')).result)).toBe(7);
  });
});
