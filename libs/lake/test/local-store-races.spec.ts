import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalStore } from '../src/store/local-store.js';
import { type Child, startChild } from './support/child.js';
import type { RacerLine, RacerTask } from './support/racer.js';

const RACERS = 5;
const ROUNDS = 40;
const STEPS = 30;
/** From the word to the first round, so that every process has heard it. */
const START_MS = 300;

let root: string;
let store: LocalStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-races-'));
  store = new LocalStore(root);
  await store.put('count', Buffer.from('0'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function startRacers(task: Partial<RacerTask>): Promise<Child[]> {
  const common = { root, rounds: 0, roundMs: 15, steps: 0, ...task };
  const racers = Array.from({ length: RACERS }, (_, index) =>
    startChild('racer.ts', { ...common, name: `racer ${String(index)}` }),
  );
  await expect.poll(() => racers.every(({ lines }) => lines.length > 0)).toBe(true);
  await store.put('start', Buffer.from(String(Date.now() + START_MS)));
  return racers;
}

const linesOf = (racers: readonly Child[]): RacerLine[] => racers.flatMap(({ lines }) => lines as RacerLine[]);

async function textOf(key: string): Promise<string> {
  return Buffer.from((await store.read(key))?.bytes ?? []).toString();
}

describe('several processes at one LocalStore', () => {
  it('have exactly one winner each round, whose content stays, and lose no step of a count', async () => {
    for (let round = 0; round < ROUNDS; round += 1) await store.put(`standing-${String(round)}`, Buffer.from('first'));
    const racers = await startRacers({ rounds: ROUNDS, steps: STEPS });
    await Promise.all(racers.map(({ ended }) => ended));
    const lines = linesOf(racers);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const key of [`fresh-${String(round)}`, `standing-${String(round)}`]) {
        const winners = lines.flatMap((line) => (line.kind === 'won' && line.key === key ? [line.content] : []));
        expect(winners, key).toHaveLength(1);
        expect(await textOf(key)).toBe(winners[0]);
      }
    }
    const steps = lines.flatMap((line) => (line.kind === 'raised' ? [line.to] : [])).sort((a, b) => a - b);
    expect(steps).toEqual(Array.from({ length: RACERS * STEPS }, (_, index) => index + 1));
    expect(await textOf('count')).toBe(String(RACERS * STEPS));
    const names = await readdir(root);
    expect(names.filter((name) => /\.(?:tmp|lock|takeover)$/.test(name))).toEqual([]);
  });

  it('go on when some are killed at any moment: what was acknowledged is counted, and at most one step more of each', async () => {
    const racers = await startRacers({ steps: 2_000 });
    await expect.poll(() => racers.every(({ lines }) => lines.length > 1)).toBe(true);
    const [first, second, ...others] = racers;
    for (const racer of [first, second]) {
      await sleep(Math.random() * 100);
      racer?.process.kill('SIGKILL');
      await racer?.ended;
    }
    const before = linesOf(others).length;
    await expect.poll(() => linesOf(others).length).toBeGreaterThan(before + 50);
    for (const racer of others) racer.process.kill('SIGKILL');
    await Promise.all(others.map(({ ended }) => ended));

    const steps = linesOf(racers).flatMap((line) => (line.kind === 'raised' ? [line.to] : []));
    expect(new Set(steps).size).toBe(steps.length);
    const count = Number(await textOf('count'));
    expect(count).toBeGreaterThanOrEqual(steps.length);
    expect(count).toBeLessThanOrEqual(steps.length + RACERS);
    // The next one finds the locks of the dead, and takes them over.
    const object = await store.read('count');
    expect(await store.putIfMatch('count', Buffer.from('done'), object?.version ?? '')).not.toBeNull();
  });
});
