import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, startIngestor, type Told } from './support/ingestor-process.js';
import { deletion, tweet } from './support/lines.js';
import { readLake } from './support/read-lake.js';

let entry: string;
let scratch: string;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'capture-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

async function write(name: string, lines: readonly string[]): Promise<string> {
  const file = join(scratch, `${name}.ndjson`);
  await writeFile(file, lines.join('\n'));
  return file;
}

async function replay(file: string, env: Record<string, string> = {}): Promise<Told> {
  const running = startIngestor(entry, {
    DATA_DIR: scratch,
    INGEST_SOURCE: 'replay',
    REPLAY_FILES: file,
    LAKE_FLUSH_SECONDS: '0.2',
    ...env,
  });
  const done = await running.waitFor('replay-done');
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  return done;
}

describe('replay', () => {
  it('finds old posts in the folder of the hour in which they came, and knows them again later', async () => {
    const before = Date.now();
    const done = await replay(await write('first', [tweet('1'), tweet('2'), deletion('77')]));
    const time = Date.UTC(2019, 6, 3, 12);
    expect(done).toMatchObject({ from: time, to: time, accounting: { received: 3, stored: 2, deletes: 1 } });
    const first = await readLake(join(scratch, 'lake'), scratch);
    const [file] = first.manifest.files;
    expect(file).toMatchObject({ minCreatedAt: time, maxCreatedAt: time, rows: 2 });
    expect(file?.hour).toBeGreaterThan(before - 3_600_000);
    expect(first.manifest.watermark).toBeGreaterThanOrEqual(before);

    // A post after its delete is stored, and stays hidden by the tombstone; known ones are duplicates.
    const file2 = await write('second', [tweet('2'), tweet('3'), tweet('77'), 'no json', tweet('3')]);
    const again = await replay(file2);
    expect(again).toMatchObject({
      accounting: { received: 8, stored: 4, duplicates: 2, deletes: 1, dead_letters: 1 },
    });
    const second = await readLake(join(scratch, 'lake'), scratch);
    expect(second.posts).toEqual(['1', '2', '3', '77']);
    expect(second.tombstones).toEqual(['77']);
    const folder = join(scratch, 'lake/dead-letters');
    const [name] = await readdir(folder);
    const letter = JSON.parse(await readFile(join(folder, name ?? ''), 'utf8')) as Record<string, unknown>;
    expect(letter).toMatchObject({ stage: 'parse', source: 'replay of 1 file', bytes: 7 });
    expect(Buffer.from(String(letter['raw']), 'base64').toString()).toBe('no json');

    // The same replay once more has nothing left to read.
    const third = await replay(file2);
    expect(third).toMatchObject({ accounting: again['accounting'] as object });
  });

  it('needs no post to end well', async () => {
    const done = await replay(await write('empty', ['']), { DATA_DIR: join(scratch, 'empty') });
    expect(done).toMatchObject({ from: 0, to: 0, accounting: { received: 0, stored: 0 } });
  });
});

describe('demo', () => {
  it(
    'fills the past by its own clock, stops within seconds under load, and goes on',
    { timeout: 600_000 },
    async () => {
      const env = { DATA_DIR: join(scratch, 'demo'), INGEST_SOURCE: 'demo', DEMO_RATE: '0.2' };
      const first = startIngestor(entry, env);
      await expect
        .poll(() => first.told.some((told) => Number(told['stored']) > 2000), { timeout: 180_000 })
        .toBe(true);
      const stopped = Date.now();
      first.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      expect(Date.now() - stopped).toBeLessThan(40_000);
      const root = join(scratch, 'demo/demo');
      const filled = await readLake(root, scratch);
      expect(filled.manifest.files.every((file) => file.hour < Date.now() - 3_600_000)).toBe(true);
      expect(filled.manifest.watermark).toBeLessThan(Date.now() - 3_600_000);

      const second = startIngestor(entry, env);
      const live = await second.waitFor('live');
      expect(Number(live['posts'])).toBeGreaterThan(40_000);
      second.child.kill('SIGTERM');
      expect(await second.ended).toBe(0);
      const { manifest, posts } = await readLake(root, scratch);
      expect(new Set(posts).size).toBe(posts.length);
      expect(Date.now() - manifest.watermark).toBeLessThan(120_000);
      expect(new Set(manifest.files.map((file) => file.hour)).size).toBeGreaterThan(160);
    },
  );
});
