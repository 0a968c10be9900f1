import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../start/preflight.ts';
import { run } from '../test/processes.ts';
import { withRedis } from '../test/redis.ts';
import { ensureFaketime } from './faketime.ts';
import { WallClock } from './wall-clock.ts';

// The whole product while the wall clock of its machine is set wrong; but for Redis, which cannot be shown another one.
const MINUTE = 60_000;
let folder: string;
let url: string;

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function withProduct(work: (clock: WallClock) => Promise<void>): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'clock-stack-'));
  const clock = new WallClock(folder, ensureFaketime());
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}/graphql`;
  await withRedis(async (redis) => {
    const args = ['--no-build', '--events', '--port', port, '--data-dir', folder, '--redis-url', redis];
    const product = run('scripts/start.ts', { ...clock.env, DEMO_RATE: '0.02' }, args);
    try {
      await product.waitFor('live');
      await work(clock);
    } finally {
      await product.stop();
    }
  });
}

async function ask(query: string): Promise<Record<string, Record<string, unknown>>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data?: Record<string, Record<string, unknown>> };
  if (data === undefined) throw new Error('The API gave no answer.');
  return data;
}

interface Seen {
  /** What the dashboard shows. */
  readonly captured: number;
  /** What a question is answered from, and where its interval ends. */
  readonly snapshot: number;
  readonly to: number;
}

async function see(): Promise<Seen> {
  const { capture } = await ask('{ capture { watermark } }');
  const { startAnalysis } =
    await ask(`mutation { startAnalysis(input: { topic: "the", interval: { preset: LAST_24_HOURS } }) {
    analysis { to snapshot { watermark } } userErrors { message } } }`);
  const { analysis } = startAnalysis as { analysis: { to: string; snapshot: { watermark: string } } };
  return {
    captured: Date.parse(String(capture?.['watermark'])),
    snapshot: Date.parse(analysis.snapshot.watermark),
    to: Date.parse(analysis.to),
  };
}

describe('a wall clock that is wrong for a minute', () => {
  it.each(['-10d', '+10d'])('%s: the dashboard, the snapshot and presets move on as before', async (setting) =>
    withProduct(async (clock) => {
      let before = await see();
      const movesOn = async (): Promise<void> => {
        // A snapshot is reused for ten seconds, and the lake is flushed every five.
        await sleep(20_000);
        const now = await see();
        for (const [name, time] of Object.entries(now)) {
          expect(time, name).toBeLessThan(Date.now() + MINUTE);
          expect(time, name).toBeGreaterThan(Date.now() - 2 * MINUTE);
        }
        expect(now.captured).toBeGreaterThan(before.captured);
        expect(now.snapshot).toBeGreaterThan(before.snapshot);
        before = now;
      };
      await movesOn();
      clock.set(setting);
      for (let turn = 0; turn < 3; turn += 1) await movesOn();
      clock.set('+0');
      for (let turn = 0; turn < 2; turn += 1) await movesOn();
    }),
  );
});
