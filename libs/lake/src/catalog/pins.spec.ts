import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE_MS } from '@analytica/domain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Snapshot } from './manifest.js';
import { keepSnapshot, pinSnapshot, PinWatch } from './pins.js';

const path = '2026/05/14/11/000000000000001-000000000000002.parquet';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'analytica-pins-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it('holds files for 15 minutes after who held them, and anew each time', async () => {
  const snapshot = { id: 'a', root, manifest: { files: [{ path }], tombstones: [] } } as unknown as Snapshot;
  let now = 0;
  const watch = new PinWatch(root, () => now);
  const pin = await pinSnapshot(snapshot, 'run');
  await keepSnapshot(snapshot);
  await pin.unpin();
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 14 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  await keepSnapshot(snapshot);
  now += 2 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 14 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set([path]));
  now += 2 * MINUTE_MS;
  expect(await watch.pinnedPaths()).toEqual(new Set());
});

it('holds of several processes at once do not disturb each other', async () => {
  const snapshot = { id: 'a', root, manifest: { files: [{ path }], tombstones: [] } } as unknown as Snapshot;
  await Promise.all(Array.from({ length: 20 }, () => keepSnapshot(snapshot)));
  expect(await new PinWatch(root, () => 0).pinnedPaths()).toEqual(new Set([path]));
});
