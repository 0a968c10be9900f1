import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureFaketime } from './faketime.ts';
import { run, type Running } from '../test/processes.ts';
import { WallClock } from './wall-clock.ts';

// The real ingestor with a week of demo data, while the wall clock of its machine is set wrong.
const INGESTOR = 'apps/ingestor/dist/main.js';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let folder: string;
let library: string;
let running: Running | null = null;

beforeAll(() => {
  library = ensureFaketime();
});
afterEach(async () => {
  await running?.stop();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Listed {
  readonly watermark: number;
  readonly files: readonly { readonly hour: number; readonly path: string }[];
}

const lake = (): string => join(folder, 'demo');
const manifest = (): Listed => JSON.parse(readFileSync(join(lake(), 'manifest.json'), 'utf8')) as Listed;
const hoursOf = ({ files }: Listed): number[] => [...new Set(files.map(({ hour }) => hour))].sort((a, b) => a - b);
/** The hours that have a file of posts on disk. */
const foldersOf = (): Set<string> =>
  new Set(
    readdirSync(lake(), { recursive: true })
      .map(String)
      .filter((path) => /^\d{4}\//.test(path) && path.endsWith('.parquet'))
      .map((path) => path.slice(0, 13)),
  );

function start(clock: WallClock, more: Readonly<Record<string, string>> = {}): Running {
  const env = { DATA_DIR: folder, INGEST_SOURCE: 'demo', LAKE: 'demo', DEMO_RATE: '0.02', ...clock.env, ...more };
  running = run(INGESTOR, env);
  return running;
}

function newClock(): WallClock {
  folder = mkdtempSync(join(tmpdir(), 'clock-'));
  return new WallClock(folder, library);
}

describe('a wall clock that is wrong for a minute', () => {
  it.each(['+10d', '-10d'])('%s: no hour leaves the lake, no watermark is wrong, capture goes on', async (setting) => {
    const clock = newClock();
    await start(clock).waitFor('live');
    const before = hoursOf(manifest());
    const onDisk = foldersOf();
    expect(before.length).toBeGreaterThan(160);
    const check = (): void => {
      const now = manifest();
      expect(hoursOf(now)).toEqual(expect.arrayContaining(before));
      expect(now.watermark).toBeLessThan(Date.now() + MINUTE);
      expect(now.watermark).toBeGreaterThan(Date.now() - 2 * MINUTE);
      expect(hoursOf(now).at(-1)).toBeLessThan(Date.now());
    };
    const checkFor = async (ms: number): Promise<void> => {
      for (const end = Date.now() + ms; Date.now() < end;) {
        check();
        await sleep(1000);
      }
    };
    clock.set(setting);
    await checkFor(MINUTE);
    clock.set('+0');
    await checkFor(40_000);
    for (const path of onDisk) expect(foldersOf()).toContain(path);
    const { watermark } = manifest();
    await expect.poll(() => manifest().watermark, { timeout: MINUTE }).toBeGreaterThan(watermark);
  });
});

describe('a process that started while the wall clock was wrong', () => {
  it('leaves a lake that mends itself: its watermark comes back, and nothing is deleted for it', async () => {
    const clock = newClock();
    await start(clock).waitFor('live');
    await running?.stop();
    const before = hoursOf(manifest());
    clock.set('+10d');
    await start(clock).waitFor('live');
    await expect.poll(() => manifest().watermark, { timeout: MINUTE }).toBeGreaterThan(Date.now() + 9 * 24 * HOUR);
    await running?.stop('SIGKILL');
    clock.set('+0');
    await start(clock).waitFor('live');
    await expect.poll(() => manifest().watermark, { timeout: MINUTE }).toBeLessThan(Date.now() + MINUTE);
    const { watermark } = manifest();
    await expect.poll(() => manifest().watermark, { timeout: MINUTE }).toBeGreaterThan(watermark);
    expect(watermark).toBeGreaterThan(Date.now() - 2 * MINUTE);
    expect(hoursOf(manifest())).toEqual(expect.arrayContaining(before));
  });
});
