import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FACTS_COLUMN, LakeDatabase, readManifest } from '@analytica/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeImportCommand } from '../src/commands/remove-import.js';
import { blueskyLines } from './support/bluesky-lines.js';
import { bundleIngestor, removeBundle, startIngestor, type Told } from './support/ingestor-process.js';
import { random } from './support/lines.js';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 3);
const LINES = 6000;
let entry: string;
let scratch: string;
let file: string;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'reposts-'));
  file = join(scratch, 'events.jsonl');
  await writeFile(file, blueskyLines(LINES, random(5)).join('\n') + '\n');
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

const rootOf = (folder: string): string => join(scratch, folder, 'lake');

function start(folder: string, env: Readonly<Record<string, string>> = {}) {
  return startIngestor(entry, {
    DATA_DIR: join(scratch, folder),
    INGEST_SOURCES: 'replay',
    REPLAY_FILES: JSON.stringify([file]),
    LAKE_FLUSH_SECONDS: '0.1',
    LAKE_FLUSH_MIB: '0.25',
    ...env,
  });
}

async function importAll(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Told> {
  const running = start(folder, env);
  const done = await running.waitFor('replay-done');
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  return done;
}

/** Every row of the lake, but for the time at which it arrived, which the facts have, too. */
async function rowsOf(folder: string): Promise<unknown[]> {
  const manifest = await readManifest(rootOf(folder));
  const paths = (manifest?.files ?? []).map(({ path }) => `'${join(rootOf(folder), path)}'`).join(', ');
  const database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(scratch, 'duckdb') });
  try {
    const reader = await database.connection.runAndReadAll(
      `SELECT * EXCLUDE (ingested_at, ${FACTS_COLUMN.name}) FROM read_parquet([${paths}]) ORDER BY id, version`,
    );
    return reader.getRowObjectsJson();
  } finally {
    database.close();
  }
}

describe('reposts of an import', () => {
  it('are the same after any kill -9 and any second import', { timeout: 600_000 }, async () => {
    await importAll('whole');
    const expected = await rowsOf('whole');
    const reposts = expected.filter((row) => (row as { retweet_of: string | null }).retweet_of !== null);
    const withText = reposts.filter((row) => (row as { text: string }).text !== '');
    expect(withText.length).toBeGreaterThan(500);
    expect(reposts.length - withText.length).toBeGreaterThan(100);

    const next = random(9);
    let killedUnderWay = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = start('killed');
      await running.waitFor('replay-progress');
      await sleep(next() * 150);
      running.child.kill('SIGKILL');
      expect(await running.ended).toBe('SIGKILL');
      if (!running.told.some(({ event }) => event === 'replay-done')) killedUnderWay += 1;
    }
    expect(killedUnderWay).toBeGreaterThan(0);
    const done = await importAll('killed');
    expect(await rowsOf('killed')).toEqual(expected);

    // Under another name all are read again, and are duplicates.
    const again = await importAll('killed', { REPLAY_IMPORT_NAME: 'again' });
    expect(again['accounting']).toMatchObject({ stored: (done['accounting'] as { stored: number }).stored });
    expect(await rowsOf('killed')).toEqual(expected);
    expect(await readdir(join(rootOf('killed'), 'log', 'recent-originals'))).toHaveLength(1);
  });

  it('are the same when an import was removed and is brought in again', { timeout: 600_000 }, async () => {
    const { importName } = await importAll('removed');
    const before = await rowsOf('removed');
    await removeImportCommand.run({
      location: { root: rootOf('removed'), pins: `${rootOf('removed')}.pins` },
      arguments: [String(importName)],
      idsFile: null,
      dryRun: false,
      report: () => undefined,
      signal: new AbortController().signal,
    });
    await importAll('removed');
    expect(await rowsOf('removed')).toEqual(before);
  });
});
