import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '@analytica/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatedPost } from './doubles/x-api-posts.ts';
import { startXApi, type XApiDouble } from './doubles/x-api.ts';
import { bundleIngestor, removeBundle, type Running, startIngestor } from './support/ingestor-process.js';
import { random } from './support/lines.js';
import { untilLogging } from './support/log-growth.js';
import { readLake } from './support/read-lake.js';

const KILLS = Number(process.env['X_SEARCH_KILLS'] ?? 2);
const SEED = Number(process.env['LONG_SEED'] ?? 1);
/** Between two pages the source waits for two seconds, so each life reads one to three. */
const PAGE = 100;
const POSTS = PAGE * (2 * KILLS + 4);
/** One post in five is a retweet, which search does not give. */
const RETWEET_EVERY = 5;
const SEARCH = '/2/tweets/search/recent';

let entry: string;
let scratch: string;
let double: XApiDouble;

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'x-search-'));
  double = await startXApi({ rules: [{ value: 'everything -is:retweet', tag: 'all' }] });
});
afterAll(async () => {
  await double.close();
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

function start(): Running {
  return startIngestor(entry, {
    ...{ DATA_DIR: join(scratch, 'data'), INGEST_SOURCES: 'x-search', BACKFILL_DAYS: '7' },
    ...{ X_API_URL: double.url, X_BEARER_TOKEN: double.token },
    ...{ LAKE_FLUSH_SECONDS: '0.3', LAKE_FLUSH_MIB: '0.25' },
  });
}

it(
  `reads the days before once, over ${String(KILLS)} kill -9 (seed ${String(SEED)})`,
  { timeout: 3_600_000 },
  async () => {
    const began = Date.now();
    const published = Array.from({ length: POSTS }, (_, n) => generatedPost(n + 1, began - (n + 1) * 20 * SECOND_MS));
    for (const post of published) double.publish(post);
    const wanted = published.filter((_, n) => (n + 1) % RETWEET_EVERY !== 0).map(({ id }) => id);
    const root = join(scratch, 'data/lake');
    const stored = async (): Promise<readonly string[]> => (await readLake(root, scratch)).posts;

    const next = random(SEED);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = start();
      await untilLogging(running, root);
      await sleep(next() * 2500);
      running.child.kill('SIGKILL');
      expect(await running.ended).toBe('SIGKILL');
      const posts = await stored();
      expect(new Set(posts).size).toBe(posts.length);
    }
    const left = wanted.length - (await stored()).length;
    expect(left, 'the search is under way at the last kill').toBeGreaterThan(0);

    const last = start();
    await expect.poll(async () => (await stored()).length, { timeout: 3_600_000, interval: 500 }).toBe(wanted.length);
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);
    expect(await stored()).toEqual(wanted.toSorted());
    // It goes on in the middle: a kill costs one page at most.
    const pages = double.requests.filter(({ path }) => path === SEARCH).length;
    expect(pages).toBeLessThanOrEqual(Math.ceil(wanted.length / PAGE) + KILLS + 1);
  },
);
