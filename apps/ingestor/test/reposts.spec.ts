import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FACTS_COLUMN, LakeDatabase, readManifest } from '@analytica/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeImportCommand } from '../src/commands/remove-import.js';
import { blueskyLines, postUri } from './support/bluesky-lines.js';
import { bundleIngestor, removeBundle, startIngestor, type Told } from './support/ingestor-process.js';
import { random } from './support/lines.js';
import { untilLogging } from './support/log-growth.js';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 3);
const LINES = 6000;
let entry: string;
let scratch: string;
let file: string;
/** Posts that the file deletes, too: they and their reposts leave the lake at some time, here or there (counting.md, rule 28). */
let deleted: ReadonlySet<string>;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'reposts-'));
  file = join(scratch, 'events.jsonl');
  const lines = blueskyLines(LINES, random(5));
  await writeFile(file, lines.join('\n') + '\n');
  const events = lines.map((line) => JSON.parse(line) as { did: string; commit: { operation: string; rkey: string } });
  const deletes = events.filter(({ commit }) => commit.operation === 'delete');
  deleted = new Set(deletes.map(({ did, commit }) => postUri(did, commit.rkey)));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

interface Row {
  readonly id: string;
  readonly text: string;
  readonly retweet_of: string | null;
}

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

/** Every row of the lake that no delete hides, but for the time at which it arrived, which the facts have, too. */
async function rowsOf(folder: string): Promise<Row[]> {
  const manifest = await readManifest(rootOf(folder));
  const paths = (manifest?.files ?? []).map(({ path }) => `'${join(rootOf(folder), path)}'`).join(', ');
  const database = await LakeDatabase.open({ memoryMiB: 128, threads: 1, temporaryFolder: join(scratch, 'duckdb') });
  try {
    const reader = await database.connection.runAndReadAll(
      `SELECT * EXCLUDE (ingested_at, ${FACTS_COLUMN.name}) FROM read_parquet([${paths}]) ORDER BY id, version`,
    );
    const rows = reader.getRowObjectsJson() as unknown as Row[];
    return rows.filter(({ id, retweet_of: original }) => !deleted.has(id) && !deleted.has(original ?? ''));
  } finally {
    database.close();
  }
}

describe('reposts of an import', () => {
  it('are the same after any kill -9 and any second import', { timeout: 600_000 }, async () => {
    await importAll('whole');
    const expected = await rowsOf('whole');
    const reposts = expected.filter((row) => row.retweet_of !== null);
    const withText = reposts.filter((row) => row.text !== '');
    expect(withText.length).toBeGreaterThan(500);
    expect(reposts.length - withText.length).toBeGreaterThan(100);

    const next = random(9);
    let killedUnderWay = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = start('killed');
      await untilLogging(running, rootOf('killed'));
      await sleep(next() * 150);
      running.child.kill('SIGKILL');
      expect(await running.ended).toBe('SIGKILL');
      if (!running.told.some(({ event }) => event === 'replay-done')) killedUnderWay += 1;
    }
    expect(killedUnderWay).toBeGreaterThan(0);
    await importAll('killed');
    expect(await rowsOf('killed')).toEqual(expected);

    // Under another name all are read again, and are duplicates.
    await importAll('killed', { REPLAY_IMPORT_NAME: 'again' });
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
