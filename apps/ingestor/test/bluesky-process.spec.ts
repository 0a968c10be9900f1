import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '@analytica/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GeneratedEvents } from './doubles/jetstream-events.ts';
import { JetstreamDouble } from './doubles/jetstream.ts';
import { bundleIngestor, removeBundle, startIngestor } from './support/ingestor-process.js';
import { random } from './support/lines.js';
import { readLake } from './support/read-lake.js';

const KILLS = Number(process.env['BLUESKY_KILLS'] ?? 2);
const SEED = Number(process.env['LONG_SEED'] ?? 1);
const EVENTS_A_TICK = 20;
const TICK_MS = 10;
let entry: string;
let scratch: string;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'bluesky-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

/** Publishes until it is stopped, and remembers the ids of the posts. */
class Publisher {
  readonly ids: string[] = [];
  readonly #events = new GeneratedEvents(SEED, 200, { reposts: 0, deletes: 0 });
  readonly #timer: NodeJS.Timeout;

  constructor(double: JetstreamDouble) {
    this.#timer = setInterval(() => {
      for (let n = 0; n < EVENTS_A_TICK; n += 1) {
        const { did, content, timeUs } = this.#events.next(Date.now() * 1000 + n);
        double.publish({ did, content, ...(timeUs === undefined ? {} : { timeUs }) });
        if (content.kind === 'commit') this.ids.push(`at://${did}/${content.collection}/${content.rkey}`);
      }
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

describe.each(['v1', 'v2'] as const)('kill -9 while Bluesky is captured by Jetstream %s', (protocol) => {
  it('loses and doubles nothing', { timeout: 600_000 }, async () => {
    const double = await JetstreamDouble.start();
    const folder = join(scratch, protocol);
    const root = join(folder, 'lake');
    const env = {
      ...{ DATA_DIR: folder, INGEST_SOURCES: 'bluesky', BLUESKY_JETSTREAM_URL: double[protocol] },
      ...{ LAKE_FLUSH_SECONDS: '0.2', BLUESKY_HANDLES: 'off' },
    };
    const next = random(SEED);
    const postsInLake = async (): Promise<number> => {
      const manifest = await readManifest(root);
      return manifest === null ? 0 : manifest.files.reduce((sum, file) => sum + file.rows, 0);
    };
    const isConnected = () => expect.poll(() => double.connections).toBe(1);
    let running = startIngestor(entry, env);
    await isConnected();
    const publisher = new Publisher(double);
    try {
      // Before the first batch is in the log, there is no cursor to go on at.
      await expect.poll(postsInLake).toBeGreaterThan(0);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await sleep(200 + next() * 300);
        running.child.kill('SIGKILL');
        expect(await running.ended).toBe('SIGKILL');
        await expect.poll(() => double.connections).toBe(0);
        running = startIngestor(entry, env);
        await isConnected();
      }
      publisher.stop();
      await expect.poll(postsInLake).toBe(publisher.ids.length);
      running.child.kill('SIGTERM');
      expect(await running.ended).toBe(0);
      const { posts } = await readLake(root, scratch);
      expect(posts).toEqual(publisher.ids.toSorted());
      const { accounting } = running.told.findLast(({ event }) => event === 'accounting') as unknown as {
        accounting: Record<string, number>;
      };
      expect(accounting).toMatchObject({ stored: publisher.ids.length, dead_letters: 0, pending: 0 });
      expect(accounting['duplicates']).toBeGreaterThanOrEqual(0);
    } finally {
      publisher.stop();
      running.child.kill('SIGKILL');
      await double.close();
    }
  });
});
