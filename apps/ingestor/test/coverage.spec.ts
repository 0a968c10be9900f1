import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { captureSpans } from '@analytica/domain';
import { type Coverage, type Gap, NO_COVERAGE } from '@analytica/domain/contracts';
import { readManifest } from '@analytica/lake';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, type Running, startIngestor } from './support/ingestor-process.js';
import { random } from './support/lines.js';
import { readLake } from './support/read-lake.js';

const ENDS = Number(process.env['COVERAGE_ENDS'] ?? 6);
const TICK_MS = 10;

let entry: string;
let scratch: string;
const started: Running[] = [];

beforeAll(async () => {
  entry = await bundleIngestor(undefined, 'test/support/covered-sources.ts');
  scratch = await mkdtemp(join(tmpdir(), 'coverage-'));
});
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

function start(folder: string, run: number, sources: string): Running {
  const env = { DATA_DIR: join(scratch, folder), INGEST_SOURCES: sources, LAKE_FLUSH_SECONDS: '0.1' };
  const running = startIngestor(entry, env, { args: [String(10 + run)] });
  started.push(running);
  return running;
}

const coverageOf = async (folder: string): Promise<Coverage> =>
  (await readManifest(join(scratch, folder, 'lake')))?.coverage ?? NO_COVERAGE;
const gapsOf = (coverage: Coverage, name: string): readonly Gap[] =>
  coverage.gaps.filter(({ source }) => source === name);

/** When the posts of each run happened, of runs that stored any, and of the source that replays. */
async function timesIn(folder: string): Promise<{ runs: Map<number, number[]>; replayed: number[] }> {
  const { posts } = await readLake(join(scratch, folder, 'lake'), scratch);
  const runs = new Map<number, number[]>();
  const replayed: number[] = [];
  for (const id of posts) {
    if (id.startsWith('9')) replayed.push(Number(id.slice(1)));
    else {
      const run = Number(id.slice(0, 2)) - 10;
      runs.set(run, [...(runs.get(run) ?? []), Number(id.slice(2))]);
    }
  }
  return { runs, replayed: replayed.sort((a, b) => a - b) };
}

describe('kill -9 and SIGTERM at random moments', () => {
  it('leave gaps with exact bounds, which are refilled where the platform gives again what was missed', async () => {
    const next = random(7);
    const causes: ('CRASHED' | 'STOPPED')[] = [];
    for (let run = 0; run <= ENDS; run += 1) {
      const running = start('ends', run, 'lossy,replaying');
      const before = (await coverageOf('ends')).seq;
      const isKilled = run < ENDS && next() < 0.7;
      if (run === 0 || !isKilled) await expect.poll(async () => (await coverageOf('ends')).seq).toBeGreaterThan(before);
      await sleep(next() * 1500);
      causes.push(isKilled ? 'CRASHED' : 'STOPPED');
      running.child.kill(isKilled ? 'SIGKILL' : 'SIGTERM');
      expect(await running.ended).toBe(isKilled ? 'SIGKILL' : 0);
    }
    const coverage = await coverageOf('ends');
    const { runs, replayed } = await timesIn('ends');
    const whole = [...runs]
      .sort(([a], [b]) => a - b)
      .map(([run, times]) => ({ run, from: Math.min(...times), to: Math.max(...times) }));

    // What the lossy source did not capture: between the last post of a run and the first of the next that captured any.
    const between = whole.slice(1).map(({ run, from }, index) => {
      const last = whole[index];
      const cause = causes.slice(last?.run, run)[0];
      return { source: 'lossy', from: last?.to, to: from, cause, status: 'CLOSED', refilled: 0 };
    });
    const open = { source: 'lossy', from: whole.at(-1)?.to, to: null, cause: 'STOPPED', status: 'OPEN', refilled: 0 };
    expect(gapsOf(coverage, 'lossy')).toEqual([...between, open]);
    expect(between.length).toBeGreaterThanOrEqual(2);
    // A run that was killed after its first post captured for no time.
    const spans = whole.map(({ from, to }) => ({ from, to })).filter(({ from, to }) => from < to);
    expect(captureSpans(coverage, 'lossy')).toEqual(spans);

    // The other one has everything once, and its gaps say how much of it came late.
    const first = replayed[0] ?? NaN;
    expect(replayed).toEqual(replayed.map((_, index) => first + index * TICK_MS));
    const own = gapsOf(coverage, 'replaying');
    for (const { from, to, status, refilled } of own.slice(0, -1)) {
      const late = replayed.filter((time) => time >= from && time < (to ?? 0)).length;
      expect(status).toBe('REFILLED');
      // What came with them of the time before and after is told apart by time alone.
      expect(Math.abs(refilled - late)).toBeLessThanOrEqual(10);
    }
    expect(own.at(-1)).toMatchObject({ status: 'OPEN', cause: 'STOPPED', from: (replayed.at(-1) ?? 0) + TICK_MS });
    expect(captureSpans(coverage, 'replaying')).toEqual([{ from: first, to: (replayed.at(-1) ?? 0) + TICK_MS }]);
  });
});

describe('a source that is no longer chosen', () => {
  it('has no open gap, and the others go on', async () => {
    const first = start('chosen', 0, 'lossy,replaying');
    await expect.poll(async () => (await coverageOf('chosen')).sources.length).toBe(2);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start('chosen', 1, 'replaying');
    await expect
      .poll(async () => {
        const coverage = await coverageOf('chosen');
        const isOff = coverage.sources.find(({ source }) => source === 'lossy')?.switchedOn.at(-1)?.to !== null;
        return isOff && gapsOf(coverage, 'replaying').every(({ status }) => status === 'REFILLED');
      })
      .toBe(true);
    expect(gapsOf(await coverageOf('chosen'), 'lossy')).toEqual([]);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const { runs } = await timesIn('chosen');
    const times = runs.get(0) ?? [];
    expect(captureSpans(await coverageOf('chosen'), 'lossy')).toEqual([
      { from: Math.min(...times), to: Math.max(...times) },
    ]);
  });
});
