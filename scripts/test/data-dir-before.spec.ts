import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { lakeAt, LakeWriter, readManifest } from '@analytica/lake';
import { DATA, expected, INPUT, removeUnpacked, unpack } from './data-dir-before/folder.ts';
import { answersOf, REPLAY_QUESTIONS } from './data-dir-before/questions.ts';
import { run, withApi } from './processes.ts';
import { withRedis } from './redis.ts';

// A data folder of the version before, killed with -9 in the midst of a replay and of the demo's first fill.
const INGESTOR = 'apps/ingestor/dist/main.js';
const LAKE = join(DATA, 'lake');
// Times in it are in the past: nothing may be deleted for that.
const ENV = { DATA_DIR: DATA, LAKE_RETENTION_DAYS: '0', LAKE_FLUSH_SECONDS: '0.2' };
const REPLAY = { ...ENV, INGEST_SOURCE: 'replay', LAKE: 'lake', REPLAY_FILES: join(INPUT, 'last.ndjson') };

beforeEach(unpack);
afterAll(removeUnpacked);

/** The counters of the last whole commit in a log. */
function lastAccounting(log: string): Record<string, number> {
  const name = readdirSync(log)
    .filter((each) => each.endsWith('.ndjson'))
    .sort()
    .at(-1);
  const lines = readFileSync(join(log, name ?? ''), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"kind":"commit"'));
  return (JSON.parse(lines.at(-1) ?? '') as { state: { accounting: Record<string, number> } }).state.accounting;
}

describe('a data folder of the version before', () => {
  it('is what a killed program leaves: a manifest of version 1, segments that are not in it, pins', () => {
    const { formatVersion } = JSON.parse(readFileSync(join(LAKE, 'manifest.json'), 'utf8')) as {
      formatVersion: number;
    };
    expect(formatVersion).toBe(1);
    const { stored } = lastAccounting(join(LAKE, 'log'));
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan((expected().replay.accounting as { stored: number }).stored);
    expect(readdirSync(join(LAKE, 'pins'))).toHaveLength(2);
    expect(existsSync(join(LAKE, 'ingestor.lock'))).toBe(true);
  });

  it('goes on at its cursor, with its counters, and answers as the version before does', async () => {
    const ingestor = run(INGESTOR, REPLAY);
    const recovered = await ingestor.waitFor('recovered');
    expect(recovered['segments']).toBeGreaterThan(0);
    const done = await ingestor.waitFor('replay-done');
    await ingestor.stop();
    expect(done['accounting']).toEqual({ filtered: 0, ...(expected().replay.accounting as object) });
    const manifest = await readManifest(LAKE);
    // An older program takes this for a list that is not as it should be, and says so instead of starting.
    expect(manifest?.formatVersion).toBe(2);
    expect(readFileSync(join(LAKE, 'manifest.json'), 'utf8')).toContain('"formatVersion":2');
    expect(manifest?.files.reduce((sum, { rows }) => sum + rows, 0)).toBe(
      (expected().replay.accounting as { stored: number }).stored,
    );
    const answers = await withRedis((redis) =>
      withApi({ ...ENV, INGEST_SOURCE: 'replay', LAKE: 'lake', REDIS_URL: redis }, (url) =>
        answersOf(url, REPLAY_QUESTIONS),
      ),
    );
    expect(answers).toEqual(expected().replay.answers);
  });

  it('keeps its counters where nothing is captured, and has all in the lake then', async () => {
    const before = lastAccounting(join(DATA, 'demo/log'));
    const ingestor = run(INGESTOR, { ...ENV, INGEST_SOURCE: 'none', LAKE: 'demo' });
    await ingestor.waitFor('recovered');
    await expect.poll(async () => (await readManifest(join(DATA, 'demo')))?.committedSeq).toBeGreaterThan(0);
    await ingestor.stop();
    expect(ingestor.events.findLast(({ event }) => event === 'accounting')?.['accounting']).toEqual({
      filtered: 0,
      ...before,
    });
    const manifest = await readManifest(join(DATA, 'demo'));
    expect(manifest?.files.reduce((sum, { rows }) => sum + rows, 0)).toBe(before['stored']);
    expect(manifest?.files.every(({ importName }) => importName === null)).toBe(true);
  });

  it('keeps the files that its pins name, as long as it would have, and no others', async () => {
    let minutes = 0;
    const parts = (hour: string) => readdirSync(join(LAKE, '2026/03/11', hour)).length;
    const lake = await LakeWriter.open(lakeAt(LAKE), { retentionDays: 0, clock: () => minutes * 60_000 });
    await lake.sweep();
    expect([parts('11'), parts('12')]).toEqual([3, 3]);
    minutes = 16;
    await lake.sweep();
    expect([parts('11'), parts('12')]).toEqual([3, 1]);
    minutes = 22; // the run's pin, which nobody renews, is no more; the one that stays for those who ask again is
    await lake.sweep();
    expect(parts('11')).toBe(3);
    minutes = 32;
    await lake.sweep();
    expect(parts('11')).toBe(1);
    await lake.close();
  });
});
