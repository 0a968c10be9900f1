import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnalysisResult, HOUR_MS } from '@analytica/domain';
import { LivyClient } from '@analytica/livy';
import type { Snapshot } from '@analytica/lake';
import { byArrivalHour, fixturePost, LocalFixtureLakes } from '../conformance/index.js';
import { answerOf, NEVER, question, Recorder } from '../conformance/harness.js';
import { Dice } from '../conformance/random-lake.js';
import { referenceAnswer } from '../conformance/reference.js';
import { createSparkEngine } from './index.js';
import { testPool } from './testing.js';

const URL = process.env['LIVY_URL'] ?? '';
const START = Date.UTC(2026, 2, 2);
const lakes = new LocalFixtureLakes();
const { pool, close } = testPool(URL, { maxStatements: 1_000 });
const engine = createSparkEngine({ pool });
const dice = new Dice(3);

/** Texts that no compression makes small. */
const ROWS = byArrivalHour(
  Array.from({ length: 1_200 }, (_, index) =>
    fixturePost({
      id: String(index),
      at: START + index * 60_000,
      text: Array.from({ length: 700 }, () => String.fromCodePoint(0x4e00 + dice.below(20_000))).join(''),
    }),
  ),
);

async function kept(): Promise<unknown> {
  return await pool.withSession(async (session) => {
    const program = `
import sys
result = [sys.modules["analytica_spark.state"].is_empty(), len(sc._jsc.getPersistentRDDs()),
          [table.name for table in spark.catalog.listTables()], spark.conf.get("spark.sql.shuffle.partitions")]
`;
    return (await session.run(program)).result;
  });
}

describe('the Spark engine', () => {
  let snapshot: Snapshot;
  beforeAll(async () => {
    snapshot = await lakes.prepare(ROWS);
  });
  afterAll(async () => {
    await engine.close();
    await close();
    await lakes.remove();
  });

  it('brings a long answer home in pieces, and leaves nothing in the session but its settings as they were', async () => {
    const spec = question('cat');
    const result = await engine.run(spec, snapshot, new Recorder(), NEVER);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeGreaterThan(2_000_000);
    expect(answerOf(result)).toEqual(answerOf(referenceAnswer(ROWS, spec)));
    expect(await kept()).toEqual([true, 0, [], '200']);
  });

  it('begins once more on another session when one is lost under it, and progress never goes back', async () => {
    const client = new LivyClient({ url: URL });
    let lost = 0;
    const recorder = new Recorder();
    const result = await engine.run(
      question('cat'),
      snapshot,
      {
        progress: (at) => recorder.progress(at),
        partial: async (partial) => {
          await recorder.partial(partial);
          const [session] = await pool.sessions();
          if (lost++ === 0 && session !== undefined) await client.deleteSession(session.name);
        },
      },
      NEVER,
    );
    client.close();
    expect(result.counts.posts).toBe(1_200);
    expect(recorder.partials).toHaveLength(2);
    const done = recorder.progresses.map(({ partitionsDone }) => partitionsDone);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(20);
  });

  it('stops Spark’s job when it is cancelled, and frees what was kept', async () => {
    const controller = new AbortController();
    const run = engine.run(
      question('cat'),
      snapshot,
      {
        progress: () => Promise.resolve(),
        // The matched set of the first piece is kept now, and the second statement is about to run.
        partial: () => {
          setTimeout(() => controller.abort(), 150);
          return Promise.resolve();
        },
      },
      controller.signal,
    );
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    const again = await engine.run(question('cat'), snapshot, new Recorder(), NEVER);
    expect(again.counts.posts).toBe(1_200);
    expect(await kept()).toEqual([true, 0, [], '200']);
  });

  it('answers those who wait for a session by one run, whatever else they ask, and one can leave', async () => {
    const impatient = new AbortController();
    const specs = [
      question('cat'),
      question('cat', { interval: { from: START + 90_000, to: START + 72_000_000 } }),
      question('cat', { includeStopWords: true }),
      question('cat AND dog'),
    ];
    const recorders = specs.map(() => new Recorder());
    let runs: Promise<unknown>[] = [];
    let left: Promise<unknown> = Promise.resolve();
    await pool.withSession(async () => {
      runs = specs.map((spec, index) => engine.run(spec, snapshot, recorders[index] ?? new Recorder(), NEVER));
      left = engine.run(
        question('dog OR cat'),
        snapshot,
        {
          progress: () => Promise.resolve(),
          partial: () => {
            impatient.abort();
            return Promise.resolve();
          },
        },
        impatient.signal,
      );
      left.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    await Promise.race(runs);
    expect(recorders.map(({ partials }) => partials.length)).toEqual(specs.map(() => 1));
    const results = (await Promise.all(runs)) as AnalysisResult[];
    for (const [index, spec] of specs.entries()) {
      const result = results[index];
      expect(result && answerOf(result), spec.topic).toEqual(answerOf(referenceAnswer(ROWS, spec)));
    }
    expect(await kept()).toEqual([true, 0, [], '200']);
  });

  it('answers each alone where too much matches for a shared run', async () => {
    const small = createSparkEngine({ pool, heldRows: 1_500 });
    const specs = [question('cat'), question('cat', { includeStopWords: true })];
    const results = await pool.withSession(async () => {
      const runs = specs.map((spec) => small.run(spec, snapshot, new Recorder(), NEVER));
      await new Promise((resolve) => setTimeout(resolve, 50));
      return runs;
    });
    for (const [index, result] of (await Promise.all(results)).entries()) {
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(ROWS, specs[index] ?? question('cat'))));
    }
    expect(await kept()).toEqual([true, 0, [], '200']);
  });

  it('names a file that is shorter than it was listed', async () => {
    const [file] = snapshot.manifest.files;
    if (file === undefined) throw new Error('no file');
    const path = join(snapshot.root, file.path);
    const whole = await readFile(path);
    await truncate(path, 100);
    const run = engine.run(question('cat'), snapshot, new Recorder(), NEVER);
    await expect(run).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: `The file ${file.path} of the lake is damaged (100 bytes instead of ${String(file.bytes)}).`,
    });
    await writeFile(path, whole);
  });

  it('reads a folder whatever it is called', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engine-'));
    const root = join(folder, `a b %20 [x]{y,z} 'q' é *`);
    await cp(snapshot.root, root, { recursive: true });
    const spec = question('cat', { interval: { from: START, to: START + HOUR_MS } });
    const result = await engine.run(spec, { ...snapshot, root }, new Recorder(), NEVER);
    await rm(folder, { recursive: true });
    expect(answerOf(result)).toEqual(answerOf(referenceAnswer(ROWS, spec)));
  });

  it('says when all sessions are busy', async () => {
    const impatient = createSparkEngine({ pool, acquireTimeoutMs: 200 });
    const recorder = new Recorder();
    await pool.withSession(async () => {
      const run = impatient.run(question('cat'), snapshot, recorder, NEVER);
      await expect(run).rejects.toMatchObject({ code: 'ENGINE_FAILED', retryable: true });
    });
    expect(recorder.progresses).toMatchObject([{ partitionsDone: 0, waiting: true }]);
    await impatient.run(question('cat'), snapshot, recorder, NEVER);
    expect(recorder.progresses.at(-1)).toMatchObject({ waiting: false });
  });
});
