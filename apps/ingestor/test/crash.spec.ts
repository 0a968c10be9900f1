import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '@analytica/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, startIngestor } from './support/ingestor-process.js';
import { mixedLines, random } from './support/lines.js';
import { segmentsOf, untilLogging } from './support/log-growth.js';
import { readLake } from './support/read-lake.js';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 6);
const SEED = Number(process.env['LONG_SEED'] ?? 1);
/** Enough that the replay is under way at most of the kills. */
const LINES = 4000 * Math.max(6, KILLS);
let entry: string;
let scratch: string;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'crash-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

describe.each([SEED, SEED + 1])('kill -9 at random moments (seed %i)', (seed) => {
  it('loses nothing, doubles nothing, lists no torn file, and counts right', async () => {
    const folder = join(scratch, String(seed));
    const file = join(scratch, `lines-${String(seed)}.ndjson`);
    const root = join(folder, 'lake');
    const expected = mixedLines(LINES, seed);
    await writeFile(file, expected.lines.join('\n') + '\n');
    const env = {
      DATA_DIR: folder,
      INGEST_SOURCE: 'replay',
      REPLAY_FILES: JSON.stringify([file]),
      LAKE_FLUSH_SECONDS: '0.1',
      LAKE_FLUSH_MIB: '0.25',
    };
    const next = random(seed);
    let killedUnderWay = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = startIngestor(entry, env);
      await untilLogging(running, root);
      await sleep(next() * 150);
      running.child.kill('SIGKILL');
      expect(await running.ended).toBe('SIGKILL');
      if (!running.told.some(({ event }) => event === 'replay-done')) killedUnderWay += 1;
      if ((await readManifest(root)) === null) continue;
      const { manifest, posts } = await readLake(root, scratch);
      expect(posts).toHaveLength(manifest.files.reduce((sum, each) => sum + each.rows, 0));
      expect(new Set(posts).size).toBe(posts.length);
    }
    expect(killedUnderWay).toBeGreaterThanOrEqual(3);

    const last = startIngestor(entry, env);
    const done = await last.waitFor('replay-done');
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);
    expect(done['accounting']).toEqual({
      received: LINES,
      stored: expected.stored.length,
      duplicates: expected.duplicates,
      deletes: expected.deleted.length,
      not_posts: expected.notPosts,
      dead_letters: expected.deadLetters,
      filtered: 0,
      pending: 0,
    });
    const content = await readLake(root, scratch);
    expect(content.posts).toEqual(expected.stored.toSorted());
    expect(content.tombstones).toEqual(expected.deleted.toSorted());
    expect(await segmentsOf(root)).toHaveLength(1);
  });
});
