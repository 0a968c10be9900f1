import { afterAll, beforeAll, expect, it } from 'vitest';
import { DATA, expected, PLACE, removeUnpacked, unpack } from '../test/data-dir-before/folder.ts';
import { answersOf, DEMO_QUESTIONS } from '../test/data-dir-before/questions.ts';
import { run, withApi } from '../test/processes.ts';
import { withRedis } from '../test/redis.ts';
import { ensureFaketime } from './faketime.ts';
import { WallClock } from './wall-clock.ts';

beforeAll(unpack);
afterAll(removeUnpacked);

it("goes on with the demo's fill where the version before was killed, at that time, and answers as it does", async () => {
  const clock = new WallClock(PLACE, ensureFaketime());
  clock.set('@2026-03-11 13:31:00');
  const env = { DATA_DIR: DATA, INGEST_SOURCE: 'demo', LAKE: 'demo', DEMO_RATE: '0.01' };
  const ingestor = run('apps/ingestor/dist/main.js', { ...env, ...clock.env, TZ: 'UTC' });
  await ingestor.waitFor('recovered');
  await ingestor.waitFor('live');
  await ingestor.stop();
  const answers = await withRedis((redis) =>
    withApi({ ...env, REDIS_URL: redis }, (url) => answersOf(url, DEMO_QUESTIONS)),
  );
  expect(answers).toEqual(expected().demo.answers);
});
