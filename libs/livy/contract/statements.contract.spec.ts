import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LivySession, probe, runStatement } from '../src/index.js';
import { statementCode } from '../src/bootstrap.js';
import { codeOf, failure, newClient, runRaw, startSession } from './support.js';

describe('statements', () => {
  const client = newClient();
  let session: LivySession;

  beforeAll(async () => {
    session = await startSession(client, 'statements');
  });

  afterAll(async () => {
    await session.close();
    client.close();
  });

  it('give the result, what was printed, and where the time went', async () => {
    const { result, stdout, timing, spill } = await session.run('print("told")\nresult = {"n": params["a"] + 1}', {
      a: 41,
    });
    expect(result).toEqual({ n: 42 });
    expect(stdout).toBe('told\n');
    expect(spill).toBeNull();
    expect(timing.totalMs).toBeGreaterThanOrEqual(timing.submitMs);
    expect(timing.polls).toBeGreaterThan(0);
  });

  it('run Spark jobs and DataFrames on either version, and tell their progress', async () => {
    const seen: number[] = [];
    const program = [
      'import time',
      'slow = spark.sparkContext.parallelize(range(8), 8).map(lambda n: (time.sleep(0.3), n)[1]).sum()',
      'frame = spark.createDataFrame([("a", 1), ("b", 2)], ["k", "n"])',
      'frame.explain()',
      'result = [slow, frame.count(), spark.range(1000).selectExpr("sum(id)").first()[0]]',
    ].join('\n');
    const { result } = await session.run(program, null, { onProgress: (progress) => seen.push(progress) });
    expect(result).toEqual([28, 2, 499_500]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(Math.max(...seen)).toBeLessThanOrEqual(1);
  });

  it('carry hostile text as data, and hold nothing but hex, a number and base64', async () => {
    const hostile = [
      `'''"""`,
      '\\',
      '\n\r\u2028',
      '\0',
      '__import__("os").abort()',
      '{}%s',
      '😀 ö 東京',
      '"'.repeat(65_536),
    ];
    const { result, statementId } = await session.run('result = params', hostile);
    expect(result).toEqual(hostile);
    const { code } = await client.getStatement(session.identity.name, statementId);
    expect(code).toMatch(/^_livy_run\("[0-9a-f]{24}", "[0-9a-f]{24}", \d+, "[A-Za-z0-9+/=]+"\)$/);
  });

  it('say what a program raised', async () => {
    const error = await failure(session.run('def f():\n    return 1 / 0\nf()'));
    expect(error.code).toBe('PROGRAM_FAILED');
    expect(error.details.pythonType).toBe('ZeroDivisionError');
    expect(error.details.traceback).toContain('line 2, in f');
    expect(error.sessionLost).toBe(false);
    expect(await codeOf(session.run('def'))).toBe('PROGRAM_FAILED');
    expect(await codeOf(session.run('raise SystemExit(3)'))).toBe('PROGRAM_FAILED');
    expect((await session.run('result = 1')).result).toBe(1);
  });

  it('keep their names to themselves', async () => {
    await session.run('left_behind = 1');
    expect((await failure(session.run('result = left_behind'))).details.pythonType).toBe('NameError');
  });

  it('turn dates and decimals to text, and refuse what JSON has no form for', async () => {
    const program = 'import datetime, decimal\nresult = [datetime.datetime(2026, 1, 2), decimal.Decimal("1.50")]';
    expect((await session.run(program)).result).toEqual(['2026-01-02 00:00:00', '1.50']);
    expect(await codeOf(session.run('result = float("nan")'))).toBe('RESULT_NOT_JSON');
    expect(await codeOf(session.run('result = {(1, 2): 3}'))).toBe('RESULT_NOT_JSON');
  });

  it('refuse a result over the limit, or write it where told', async () => {
    const tooLarge = await failure(session.run('result = "x" * (2 * 1024 * 1024)'));
    expect(tooLarge.code).toBe('RESULT_TOO_LARGE');
    expect(tooLarge.details.bytes).toBe(2 * 1024 * 1024 + 2);
    const folder = mkdtempSync(join(tmpdir(), 'livy-spill-'));
    try {
      const path = join(folder, 'result.json');
      const { result, spill } = await session.run('result = ["ö"] * 400000', null, { spill: `file://${path}` });
      expect(result).toBeNull();
      expect(readdirSync(folder)).toContain('result.json');
      const text = readFileSync(path, 'utf8');
      expect(spill).toEqual({ path: `file://${path}`, bytes: text.length });
      expect(JSON.parse(text)).toHaveLength(400_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('survive stderr, and a reply of 25 MB of text is a typed error', async () => {
    const { result } = await session.run('import os\nos.system("echo noise >&2")\nresult = 1');
    expect(result).toBe(1);
    const large = await runRaw(client, session.identity.name, 'print("x" * 25_000_000)');
    expect(large.output?.status).toBe('error');
    expect((await session.run('result = 2')).result).toBe(2);
  });

  it('a NaN in %json is an error and the session lives', async () => {
    const statement = await runRaw(client, session.identity.name, 'nan_value = float("nan")\n%json nan_value');
    expect(statement.state).toBe('available');
    expect(statement.output?.status).toBe('error');
    expect((await session.run('result = 3')).result).toBe(3);
  });

  it('the same statement never runs twice, though it is sent twice', async () => {
    const nonce = randomBytes(12).toString('hex');
    const { name, boot } = session.identity;
    const counter =
      'import builtins\nbuiltins.livy_runs = getattr(builtins, "livy_runs", 0) + 1\nresult = builtins.livy_runs';
    const code = statementCode(nonce, boot, session.fence, { program: counter, params: null, limit: 1000 });
    const first = await runRaw(client, name, code);
    const second = await runRaw(client, name, code);
    expect(first.output?.data?.['text/plain']).toContain('"result": 1');
    expect(second.output?.data?.['text/plain']).toContain('"refused": "twice"');
    expect((await session.run(counter)).result).toBe(2);
  });

  it('an older lease, and another session under the same number, are refused before anything runs', async () => {
    const { name } = session.identity;
    const newer = new LivySession(client, session.identity, 7);
    expect((await newer.run('result = 1')).result).toBe(1);
    expect(await codeOf(new LivySession(client, session.identity, 6).run('result = 1'))).toBe('FENCED');
    const stranger = { client, name, boot: 'f'.repeat(24), fence: 9 };
    expect(await codeOf(runStatement(stranger, 'result = 1'))).toBe('WRONG_SESSION');
    expect(await codeOf(probe(stranger, 5_000))).toBe('WRONG_SESSION');
    session = newer;
  });

  it('a cancelled Spark job ends soon, and the session is used further', async () => {
    const abort = new AbortController();
    const job = 'import time\nspark.sparkContext.parallelize(range(4), 4).map(lambda n: time.sleep(60)).count()';
    const running = failure(session.run(job, null, { signal: abort.signal, probeMs: 15_000, cancelSettleMs: 10_000 }));
    await wait(3_000);
    abort.abort();
    const error = await running;
    expect(error.code).toBe('CANCELLED');
    expect(error.sessionLost).toBe(false);
    expect((await session.run('result = spark.range(3).count()')).result).toBe(3);
  });

  it('a deadline cancels as well', async () => {
    const job = 'import time\nspark.sparkContext.parallelize(range(4), 4).map(lambda n: time.sleep(60)).count()';
    const late = { timeoutMs: 2_000, probeMs: 15_000, cancelSettleMs: 10_000 };
    const error = await failure(session.run(job, null, late));
    expect(error.code).toBe('TIMEOUT');
    expect(error.sessionLost).toBe(false);
  });

  it('a connection that was idle for 35 s does no harm', async () => {
    expect((await session.run('result = 1')).result).toBe(1);
    await wait(35_000);
    expect((await session.run('result = 2')).result).toBe(2);
  });

  it("200 small ones, 8 at a time: none fails, none gets another one's answer", async () => {
    let next = 0;
    const line = async (): Promise<void> => {
      for (let n = next++; n < 200; n = next++) {
        expect((await session.run('result = params * 2', n)).result).toBe(n * 2);
      }
    };
    await Promise.all(Array.from({ length: 8 }, line));
  });

  it('the server keeps the last 100 of them', async () => {
    const all = await client.listStatements(session.identity.name);
    expect(all.length).toBeLessThanOrEqual(100);
    expect(await codeOf(client.getStatement(session.identity.name, 0))).toBe('STATEMENT_NOT_FOUND');
  });
});
