import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeLake, removeLake } from './fixture-lake.js';
import { freePort, Stack, testEnv } from './stack.js';

let dataDir: string;
let stack: Stack;

beforeAll(async () => {
  dataDir = await makeLake({ hours: 1, perHour: 60 });
});
afterAll(async () => {
  await removeLake(dataDir);
});
afterEach(async () => {
  await stack.close();
});

it('a cluster that is out of availability: its questions are told so, the others are answered', async () => {
  const port = String(await freePort());
  stack = await Stack.start(testEnv(dataDir, { LIVY_URL: `http://127.0.0.1:${port}`, LIVY_POOL_MIN: '0' }));
  const lost = await stack.begin('cat', ', engine: CLUSTER');
  const found = await stack.begin('cat');
  expect((await stack.events(found)).at(-1)?.analysis.status).toBe('SUCCEEDED');
  const end = (await stack.events(lost)).at(-1)?.analysis;
  expect(end).toMatchObject({
    status: 'FAILED',
    error: { code: 'ENGINE_FAILED', message: expect.stringMatching(/^The cluster cannot be reached/) as string },
  });
});
