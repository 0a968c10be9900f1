import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MINUTE_MS } from '@analytica/domain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetHolder, newHolder } from '../store/liveness.js';
import { exampleDataFile, exampleManifest } from '../testing.js';
import { lakeAt, type LakeLocation } from './layout.js';
import type { Snapshot } from './manifest.js';
import { keepSnapshot, pinSnapshot, PinWatch } from './pins.js';

const path = '2026/05/14/11/000000000000001-000000000000002.parquet';
let folder: string;
let location: LakeLocation;
let snapshot: Snapshot;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analytica-pins-'));
  location = lakeAt(join(folder, 'lake'));
  snapshot = { id: 'a', root: location.root, manifest: exampleManifest({ files: [exampleDataFile({ path })] }) };
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

it('keeps files for 15 minutes after who kept them, and anew each time', async () => {
  let now = 0;
  const watch = new PinWatch(location, () => now);
  const pin = await pinSnapshot(location, snapshot, 'run');
  await keepSnapshot(location, snapshot);
  await pin.unpin();
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 14 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  await keepSnapshot(location, snapshot);
  now += 2 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 14 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 2 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set());
  expect(await readdir(location.pins)).toEqual([]);
});

it('lets several processes keep a snapshot at once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => keepSnapshot(location, snapshot)));
  expect(await new PinWatch(location, () => 0).pinnedPaths()).toEqual(new Set([path]));
  expect(await readdir(location.pins)).toHaveLength(1);
});

it('never writes where the lake is', async () => {
  await mkdir(location.root);
  const pin = await pinSnapshot(location, snapshot, 'run');
  await keepSnapshot(location, snapshot);
  expect(await readdir(location.root)).toEqual([]);
  await pin.unpin();
});

it('honours the pins of the version before, which go as they went there', async () => {
  let now = 0;
  const former = join(location.root, 'pins');
  await mkdir(former, { recursive: true });
  const [aa, bb, cc] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string];
  await writeFile(join(former, `${aa}.json`), JSON.stringify({ runId: 'r', files: [path] }));
  await writeFile(join(former, `${bb}.held.json`), JSON.stringify({ runId: 'held', files: [path] }));
  await writeFile(join(former, `${cc}.json`), 'no pin');
  const watch = new PinWatch(location, () => now);
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 6 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  expect(await readdir(former)).toEqual([`${bb}.held.json`]);
  now += 10 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set());
  expect(await readdir(location.root)).toEqual([]);
});

it('touches nothing beside pins, as where somebody gave another lake the name of their folder', async () => {
  let now = 0;
  const other = ['manifest.json', '2026/05/14/11/000000000000001-000000000000002.parquet'];
  for (const name of other) {
    await mkdir(dirname(join(location.pins, name)), { recursive: true });
    await writeFile(join(location.pins, name), 'not a pin');
  }
  const watch = new PinWatch(location, () => now);
  await watch.pinnedPaths();
  now += 20 * MINUTE_MS;
  await watch.pinnedPaths();
  for (const name of other) expect(await readFile(join(location.pins, name), 'utf8')).toBe('not a pin');
});

/** Lets a pin look as one of another process of this machine. */
async function pinOf(pid: number): Promise<void> {
  const pin = await pinSnapshot(location, snapshot, 'run');
  const [name] = await readdir(location.pins);
  const file = join(location.pins, name ?? '');
  const content = JSON.parse(await readFile(file, 'utf8')) as { holder: object };
  await pin.unpin();
  const own = await newHolder();
  forgetHolder(own);
  await writeFile(file, JSON.stringify({ ...content, holder: { ...own, pid, started: null, token: 'theirs' } }));
}

it('lets the pin of a process that is gone last for two minutes more, for the next attempt', async () => {
  let now = 0;
  await pinOf(spawnSync(process.execPath, ['-e', '']).pid);
  const watch = new PinWatch(location, () => now);
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 2 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 1;
  expect(await watch.pinnedPaths()).toEqual(new Set());
});

it.runIf(process.platform === 'linux')(
  'takes a zombie for gone, and a living process for one that renews late',
  async () => {
    let now = 0;
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(parent);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    await expect.poll(() => readFile(`/proc/${String(zombie)}/stat`, 'utf8')).toMatch(/\) Z /);
    for (const [pid, isPinned] of [
      [zombie, false],
      [parent.pid ?? 0, true],
    ] as const) {
      await pinOf(pid);
      const watch = new PinWatch(location, () => now);
      expect(await watch.pinnedPaths()).toEqual(new Set([path]));
      now += 3 * MINUTE_MS;
      expect(await watch.pinnedPaths()).toEqual(new Set(isPinned ? [path] : []));
    }
  },
);
