import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@analytica/lake';
import { DAMAGE_CASES, damageFile } from '@analytica/lake/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, startIngestor } from './support/ingestor-process.js';
import { tweet } from './support/lines.js';

let entry: string;
let scratch: string;

/** A lake of several files; each test takes a copy. */
beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'damaged-'));
  const lines = Array.from({ length: 40 }, (_, index) => tweet(String(1000 + index)));
  const running = startIngestor(entry, await replayOf('original', lines));
  await running.waitFor('replay-done');
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect((await manifestOf('original')).files.length).toBeGreaterThan(0);
}, 120_000);
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

async function replayOf(data: string, lines: readonly string[]): Promise<Record<string, string>> {
  const file = join(scratch, `${data}-lines-${String(lines.length)}.ndjson`);
  await writeFile(file, lines.join('\n') + '\n');
  return {
    INGEST_SOURCE: 'replay',
    REPLAY_FILES: file,
    DATA_DIR: join(scratch, data),
    LAKE_FLUSH_SECONDS: '0.2',
    LAKE_FLUSH_MIB: '0.001',
  };
}

async function manifestOf(data: string): Promise<Manifest> {
  const manifest = await readManifest(join(scratch, data, 'lake'));
  if (manifest === null) throw new Error('There is no manifest.');
  return manifest;
}

describe('an ingestor with a damaged lake', () => {
  it.each(DAMAGE_CASES)('starts, and captures on: %s', { timeout: 120_000 }, async (damage, reason) => {
    const data = damage.replaceAll(' ', '-');
    await cp(join(scratch, 'original'), join(scratch, data), { recursive: true });
    const root = join(scratch, data, 'lake');
    const before = await manifestOf(data);
    const [bad] = before.files;
    if (bad === undefined) throw new Error('There is no file.');
    await damageFile(root, bad.path, damage);
    const more = Array.from({ length: 25 }, (_, index) => tweet(String(5000 + index)));
    const running = startIngestor(entry, await replayOf(data, more));
    const problem = await running.waitFor('problem');
    expect(problem['message']).toMatch(
      /^A file with posts that arrived in the hour of \d{4}-\d\d-\d\d \d\d:00 UTC cannot be read\. Capture goes on without; .*npm run lake -- repair$/,
    );
    const done = await running.waitFor('replay-done');
    expect(done['accounting']).toMatchObject({ stored: 65, pending: 0 });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.told.filter(({ event }) => event === 'fatal')).toEqual([]);
    const after = await manifestOf(data);
    expect(after.unreadable).toMatchObject([{ path: bad.path, rows: bad.rows, reason }]);
    expect(after.files.reduce((sum, { rows }) => sum + rows, 0)).toBe(65 - bad.rows);
  });

  it('sees while it runs that a file went bad', { timeout: 120_000 }, async () => {
    await cp(join(scratch, 'original'), join(scratch, 'running'), { recursive: true });
    const root = join(scratch, 'running', 'lake');
    const [bad] = (await manifestOf('running')).files;
    if (bad === undefined) throw new Error('There is no file.');
    const running = startIngestor(entry, { INGEST_SOURCE: 'none', DATA_DIR: join(scratch, 'running') });
    const lock = join(root, 'ingestor.lock');
    await expect.poll(() => readFile(lock, 'utf8').catch(() => ''), { timeout: 60_000 }).toContain('pid');
    await damageFile(root, bad.path, 'a flipped byte in a data page');
    expect((await running.waitFor('problem'))['message']).toMatch(/cannot be read/);
    expect((await manifestOf('running')).unreadable).toMatchObject([{ path: bad.path, reason: 'damaged' }]);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    // The next start says it again.
    const again = startIngestor(entry, { INGEST_SOURCE: 'none', DATA_DIR: join(scratch, 'running') });
    expect((await again.waitFor('problem'))['message']).toMatch(/cannot be read/);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });
});
