import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, type Running, startIngestor } from './support/ingestor-process.js';
import { mixedLines, random } from './support/lines.js';
import { segmentsOf, untilLogging } from './support/log-growth.js';
import { readLake } from './support/read-lake.js';

const LINES = 15_000;
/** How long the second sink takes for a segment: while the process is killed, while the lake has all, and to catch up. */
const KILLED_MS = '300';
const SLOW_MS = '3000';
const QUICK_MS = '0';
const KILLS = 4;

let entry: string;
let scratch: string;
const started: Running[] = [];

beforeAll(async () => {
  entry = await bundleIngestor(undefined, 'test/support/two-sinks.ts');
  scratch = await mkdtemp(join(tmpdir(), 'sinks-'));
});
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

const root = (): string => join(scratch, 'lake');
const logged = async (): Promise<readonly string[]> => await segmentsOf(root());

interface SecondSink {
  /** Ranges of the log, in order. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly posts: readonly string[];
}

async function readSecondSink(): Promise<SecondSink> {
  const names = (await readdir(join(scratch, 'second'))).filter((name) => name.includes('-'));
  const ranges = names.map((name) => name.split('-').map(Number) as [number, number]).sort(([a], [b]) => a - b);
  const posts: string[] = [];
  for (const name of names) {
    for (const line of (await readFile(join(scratch, 'second', name), 'utf8')).split('\n')) {
      if (line.startsWith('{"kind":"post"')) posts.push((JSON.parse(line) as { id: string }).id);
    }
  }
  return { ranges, posts: posts.sort() };
}

function start(delayMs: string, env: Readonly<Record<string, string>>): Running {
  const running = startIngestor(entry, env, { args: [delayMs] });
  started.push(running);
  return running;
}

describe('a second, slower sink', () => {
  it('keeps segments in the log, holds the lake up in nothing, and gets all of them once, over kills', async () => {
    const expected = mixedLines(LINES, 9);
    const file = join(scratch, 'lines.ndjson');
    await writeFile(file, expected.lines.join('\n') + '\n');
    const env = {
      DATA_DIR: scratch,
      INGEST_SOURCES: 'replay',
      REPLAY_FILES: file,
      LAKE_FLUSH_SECONDS: '0.1',
      LAKE_FLUSH_MIB: '0.25',
    };
    const next = random(9);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = start(KILLED_MS, env);
      await untilLogging(running, root());
      await sleep(next() * 400);
      running.child.kill('SIGKILL');
      await running.ended;
    }

    const slow = start(SLOW_MS, env);
    const done = await slow.waitFor('replay-done');
    expect(done['accounting']).toMatchObject({ received: LINES, stored: expected.stored.length, pending: 0 });
    // The lake has all, while the other sink still lacks segments: the log has them.
    const lake = await readLake(root(), scratch);
    expect(lake.posts).toEqual(expected.stored.toSorted());
    expect((await logged()).length).toBeGreaterThan(1);
    const before = await readSecondSink();
    expect(before.posts.length).toBeLessThan(expected.stored.length);
    slow.child.kill('SIGTERM');
    expect(await slow.ended).toBe(0);
    expect((await logged()).length, 'what the sink lacks survives a stop').toBeGreaterThan(1);

    const quick = start(QUICK_MS, env);
    await expect.poll(async () => (await logged()).length).toBe(1);
    quick.child.kill('SIGTERM');
    expect(await quick.ended).toBe(0);
    const second = await readSecondSink();
    expect(second.posts).toEqual(expected.stored.toSorted());
    // Each range follows the one before: the sink went on at its own place.
    expect(second.ranges.map(([first]) => first)).toEqual([
      1,
      ...second.ranges.slice(0, -1).map(([, last]) => last + 1),
    ]);
    expect(await readLake(root(), scratch)).toMatchObject({ posts: lake.posts });
  });
});
