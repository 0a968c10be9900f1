import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accounting } from '@analytica/domain/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, type Running, startIngestor } from './support/ingestor-process.js';
import { mixedLines } from './support/lines.js';
import { untilLogging } from './support/log-growth.js';
import { readLake } from './support/read-lake.js';

/** A process that is asked to end has so long (facts of operation). */
const STOP_MS = 25_000;
const SECRET = 'token-that-nobody-may-see';

let scratch: string;
const started: Running[] = [];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'operation-'));
});
afterEach(async () => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
  await rm(scratch, { recursive: true, force: true });
});
afterAll(removeBundle);

async function replayOf(lines: readonly string[]): Promise<Record<string, string>> {
  const file = join(scratch, 'lines.ndjson');
  await writeFile(file, lines.join('\n') + '\n');
  return {
    ...{ DATA_DIR: scratch, INGEST_SOURCES: 'replay', REPLAY_FILES: file },
    ...{ LAKE_FLUSH_SECONDS: '0.2', LAKE_FLUSH_MIB: '0.25', X_BEARER_TOKEN: SECRET, LOG_LEVEL: 'trace' },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('SIGTERM under load', () => {
  let entry: string;
  beforeAll(async () => {
    entry = await bundleIngestor();
  });

  it('ends with 0 in time, all that was logged is in the lake, and no log shows a text or a token', async () => {
    const expected = mixedLines(40_000, 4);
    const env = await replayOf(expected.lines);
    const running = startIngestor(entry, env);
    started.push(running);
    await untilLogging(running, join(scratch, 'lake'));
    const asked = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(STOP_MS);
    const accounting = running.told.findLast(({ event }) => event === 'accounting')?.['accounting'] as Accounting;
    const { received, pending, ...terms } = accounting;
    expect(pending).toBe(0);
    expect(Object.values(terms).reduce((sum, records) => sum + records, 0)).toBe(received);
    expect(received).toBeLessThan(40_000);
    const { posts } = await readLake(join(scratch, 'lake'), scratch);
    expect(posts).toHaveLength(accounting.stored);

    const output = `${running.stderr()}${JSON.stringify(running.told)}`;
    expect(output).not.toContain('post number');
    expect(output).not.toContain('no author');
    expect(output).not.toContain(SECRET);
  });
});

describe('a log that is full', () => {
  let entry: string;
  beforeAll(async () => {
    entry = await bundleIngestor(undefined, 'test/support/two-sinks.ts');
  });

  it('holds reading up with a sentence, loses nothing, and goes on by itself; metrics tell of it', async () => {
    const expected = mixedLines(9000, 5);
    const port = await freePort();
    const env = { ...(await replayOf(expected.lines)), INGEST_LOG_MAX_MIB: '0.5', INGEST_METRICS_PORT: String(port) };
    const running = startIngestor(entry, env, { args: ['400'] });
    started.push(running);
    const problem = await running.waitFor('problem');
    expect(problem['message']).toMatch(
      /^Capture waits\. The log holds .* INGEST_LOG_MAX_MIB allows; it goes on by itself/,
    );
    const metrics = await fetch(`http://127.0.0.1:${String(port)}/metrics`).then((response) => response.text());
    expect(metrics).toMatch(/^analytica_capture_log_max_bytes 524288$/m);
    for (const outcome of ['stored', 'duplicates', 'deletes', 'not_posts', 'dead_letters', 'filtered', 'pending']) {
      expect(metrics).toMatch(new RegExp(`^analytica_capture_records\\{outcome="${outcome}"\\} \\d+$`, 'm'));
    }
    const done = await running.waitFor('replay-done');
    expect(done['accounting']).toMatchObject({ received: 9000, stored: expected.stored.length, pending: 0 });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect((await readLake(join(scratch, 'lake'), scratch)).posts).toEqual(expected.stored.toSorted());
  });
});
