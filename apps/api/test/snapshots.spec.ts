import { lakeLocation } from '@analytica/lake';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Snapshots } from '../src/lake/snapshots.js';
import { growLake, makeLake, removeLake } from './fixture-lake.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await makeLake({ hours: 1, perHour: 10 });
});

afterEach(async () => {
  vi.useRealTimers();
  await removeLake(dataDir);
});

it('a snapshot is 10 s old at most, also after the wall clock has jumped back', async () => {
  let monotonic = 1;
  const snapshots = new Snapshots(lakeLocation(dataDir, 'demo').root, () => monotonic);
  const first = await snapshots.take();
  await growLake(dataDir, 11, 5);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 10 * 86_400_000 });
  monotonic += 10_000;
  expect((await snapshots.take()).id).toBe(first.id);
  monotonic += 1;
  expect((await snapshots.take()).id).not.toBe(first.id);
});
