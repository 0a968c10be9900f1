import { mkdtempSync, statSync } from 'node:fs';
import { rename, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnalysisResult, DAY_MS, HOUR_MS } from '@analytica/domain';
import { FACTS_COLUMN, literalPath, type Snapshot } from '@analytica/lake';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisEngine } from '../analysis-engine.js';
import { byArrivalHour, fixturePost, LocalFixtureLakes } from '../conformance/index.js';
import { Dice, randomLake } from '../conformance/random-lake.js';
import { createDuckDbEngine, type DuckDbEngineOptions } from './index.js';

const START = Date.UTC(2026, 2, 2);
const SPEC = {
  topic: 'cat',
  interval: { from: START, to: START + DAY_MS },
  timeZone: 'UTC',
  includeStopWords: false,
  includeRetweetWords: false,
};
const SILENT = { progress: () => Promise.resolve(), partial: () => Promise.resolve() };

/** A folder's name may hold what DuckDB's readers take for a pattern, and what SQL takes for the end of a text. */
const lakes = new LocalFixtureLakes("it's [a] {lake}? *");
let engine: AnalysisEngine;

function options(more: Partial<DuckDbEngineOptions> = {}): DuckDbEngineOptions {
  return { memoryLimit: '256MB', threads: 2, tempDirectory: mkdtempSync(join(tmpdir(), 'engine-spill-')), ...more };
}

function lake(): Promise<Snapshot> {
  return lakes.prepare(
    byArrivalHour([fixturePost({ id: '1', at: START }), fixturePost({ id: '2', at: START + 2 * HOUR_MS })]),
  );
}

async function failure(snapshot: Snapshot): Promise<string> {
  return engine.run(SPEC, snapshot, SILENT, new AbortController().signal).then(
    () => 'no failure',
    (error: unknown) => String(error),
  );
}

/** Rewrites files as another writer would have written them. */
async function dropFacts(paths: readonly string[]): Promise<void> {
  const sql = (text: string): string => text.replaceAll("'", "''");
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const path of paths) {
    await connection.run(
      `COPY (SELECT * EXCLUDE (${FACTS_COLUMN.name}) FROM read_parquet('${sql(literalPath(path))}')) TO '${sql(path)}.new' (FORMAT parquet)`,
    );
    await rename(`${path}.new`, path);
  }
  connection.closeSync();
  instance.closeSync();
}

beforeAll(async () => {
  engine = await createDuckDbEngine(options());
});

afterAll(async () => {
  await engine.close();
  await lakes.remove();
});

describe('the DuckDB engine', { timeout: 180_000 }, () => {
  it('names a damaged file, relative to the lake', async () => {
    const snapshot = await lake();
    const second = snapshot.manifest.files[1];
    if (second === undefined) throw new Error('The fixture has two files.');
    await writeFile(join(snapshot.root, second.path), Buffer.alloc(second.bytes, 7));
    expect(await failure(snapshot)).toBe(
      `AppError: The file ${second.path} of the lake is damaged and cannot be read.`,
    );
  });

  it('names a truncated file and its sizes', async () => {
    const snapshot = await lake();
    const first = snapshot.manifest.files[0];
    if (first === undefined) throw new Error('The fixture has two files.');
    await truncate(join(snapshot.root, first.path), 100);
    expect(await failure(snapshot)).toBe(
      `AppError: The file ${first.path} of the lake is damaged (100 bytes instead of ${String(first.bytes)}).`,
    );
  });

  it('lets so many runs at once, and a waiting one be cancelled', async () => {
    const single = await createDuckDbEngine(options({ parallelRuns: 1 }));
    const snapshot = await lake();
    const controller = new AbortController();
    const order: string[] = [];
    const first = single
      .run(SPEC, snapshot, SILENT, new AbortController().signal)
      .then(({ counts }) => order.push(`first ${String(counts.posts)}`));
    const waiting = single.run(SPEC, snapshot, SILENT, controller.signal).catch((error: unknown) => {
      order.push(String(error));
    });
    const last = single
      .run(SPEC, snapshot, SILENT, new AbortController().signal)
      .then(({ counts }) => order.push(`last ${String(counts.posts)}`));
    controller.abort();
    await Promise.all([first, waiting, last]);
    expect(order).toEqual(['AppError: The analysis was cancelled.', 'first 2', 'last 2']);
    await single.close();
    await expect(single.run(SPEC, snapshot, SILENT, new AbortController().signal)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
  });

  it('answers the same of more files than it keeps footers of, on one instance after another', async () => {
    const small = await createDuckDbEngine(options({ cachedFooters: 1 }));
    const snapshots = [await lake(), await lake(), await lake()];
    const run = async (snapshot: Snapshot): Promise<number> =>
      (await small.run(SPEC, snapshot, SILENT, new AbortController().signal)).newest.length;
    for (const snapshot of snapshots) expect(await run(snapshot)).toBe(2);
    expect(await Promise.all(snapshots.map(run))).toEqual([2, 2, 2]);
    await small.close();
  });

  it('answers the same of files that do not have the column of facts, alone or among others', async () => {
    const rows = randomLake(new Dice(5), 40);
    const spec = { ...SPEC, topic: 'cat OR #dog', includeStopWords: true };
    const ask = (snapshot: Snapshot): Promise<AnalysisResult> =>
      engine.run(spec, snapshot, SILENT, new AbortController().signal);
    const expected = await ask(await lakes.prepare(rows));
    expect(expected.counts.posts).toBeGreaterThan(5);
    for (const without of [(): boolean => true, (index: number): boolean => index % 2 === 0]) {
      const snapshot = await lakes.prepare(rows);
      const paths = snapshot.manifest.files.map(({ path }) => join(snapshot.root, path));
      await dropFacts(paths.filter((_, index) => without(index)));
      const files = snapshot.manifest.files.map((file, index) => ({
        ...file,
        bytes: statSync(paths[index] ?? '').size,
      }));
      expect(await ask({ ...snapshot, manifest: { ...snapshot.manifest, files } })).toEqual(expected);
    }
  });

  it('says what to do where more posts match than it may keep', async () => {
    const small = await createDuckDbEngine(options({ matchedBytes: 1_000 }));
    await expect(small.run(SPEC, await lake(), SILENT, new AbortController().signal)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/^More than \d+ posts match.*shorter interval or a narrower topic\.$/) as string,
    });
    await small.close();
  });

  it('refuses a page with a negative offset', async () => {
    const request = { order: 'newest', offset: -1, limit: 3 } as const;
    await expect(engine.posts(SPEC, await lake(), request, new AbortController().signal)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
