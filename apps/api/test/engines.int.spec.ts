import type { AnalysisEngine } from '@analytica/engine';
import { MAX_ANALYSES_PER_RUN } from '@analytica/engine/spark';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeLake, removeLake } from './fixture-lake.js';
import { pacedEngine, Stack, testEnv, until } from './stack.js';

const START = `mutation ($input: StartAnalysisInput!) { startAnalysis(input: $input) {
  analysis { id engine engineChoice } userErrors { code field message } } }`;
const STATE = `query ($id: ID!) { analysis(id: $id) { status engine engineChoice queuePosition
  result { hash posts } posts: snapshot { posts } } }`;
const PAGE = `query ($id: ID!, $after: String) { posts(analysisId: $id, order: NEWEST, first: 100, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } } }`;

let dataDir: string;
let stack: Stack;

beforeAll(async () => {
  dataDir = await makeLake({ hours: 4, perHour: 600 });
});

afterAll(async () => {
  await removeLake(dataDir);
});

interface Started {
  readonly id: string;
  readonly engine: string;
  readonly engineChoice: string;
}

async function start(input: Record<string, unknown>): Promise<Started> {
  const answer = await stack.ask(START, { input: { topic: 'cat', interval: { preset: 'LAST_24_HOURS' }, ...input } });
  const analysis = answer.data('startAnalysis.analysis');
  if (analysis === null || analysis === undefined) throw new Error(JSON.stringify(answer.data('startAnalysis')));
  return analysis as Started;
}

/** What stands in for the cluster here: the real embedded engine under the cluster's name, so that the way of a question shows. */
async function otherEngine(
  paceMs: number,
): Promise<{ engine: AnalysisEngine; runs: () => number; pages: () => number }> {
  const real = await pacedEngine(stack.config, paceMs);
  let runs = 0;
  let pages = 0;
  const engine: AnalysisEngine = {
    name: 'cluster',
    run: (...args) => {
      runs++;
      return real.run(...args);
    },
    posts: (...args) => {
      pages++;
      return real.posts(...args);
    },
    close: () => real.close(),
  };
  return { engine, runs: () => runs, pages: () => pages };
}

describe('where there is no cluster', () => {
  beforeEach(async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
  });
  afterEach(async () => {
    await stack.close();
  });

  it('the embedded engine is all there is to choose', async () => {
    const { data } = await stack.ask('{ engines { choices default } }');
    expect(data('engines')).toEqual({ choices: ['EMBEDDED'], default: 'EMBEDDED' });
    expect(await start({ engine: 'AUTO' })).toMatchObject({ engine: 'EMBEDDED', engineChoice: 'AUTO' });
    expect(await start({})).toMatchObject({ engine: 'EMBEDDED', engineChoice: 'EMBEDDED' });
  });

  it('asking for the cluster is refused with what to do', async () => {
    const input = { topic: 'cat', interval: { preset: 'LAST_24_HOURS' }, engine: 'CLUSTER' };
    const { data } = await stack.ask(START, { input });
    expect(data('startAnalysis')).toEqual({
      analysis: null,
      userErrors: [
        { code: 'BAD_USER_INPUT', field: 'engine', message: expect.stringMatching(/EMBEDDED or AUTO/) as string },
      ],
    });
  });
});

describe('where there is a cluster', () => {
  beforeEach(async () => {
    // Nobody listens there: whoever gives the worker its engines needs no server.
    const env = { LIVY_URL: 'http://127.0.0.1:9', LIVY_POOL_MAX: '1', LIVY_POOL_MIN: '0', ENGINE: 'auto' };
    stack = await Stack.start(testEnv(dataDir, env), { worker: false });
  });
  afterEach(async () => {
    await stack.close();
  });

  it('each question is run by the engine that was settled, also its pages, and the answers are equal', async () => {
    const { engine, runs, pages } = await otherEngine(0);
    await stack.addWorker(0, { cluster: engine });
    const { data } = await stack.ask('{ engines { choices default autoLimitBytes } }');
    expect(data('engines')).toEqual({
      choices: ['EMBEDDED', 'CLUSTER', 'AUTO'],
      default: 'AUTO',
      autoLimitBytes: 4 * 1024 ** 3,
    });
    const asked = [await start({}), await start({ engine: 'CLUSTER' })];
    expect(asked).toMatchObject([
      { engine: 'EMBEDDED', engineChoice: 'AUTO' },
      { engine: 'CLUSTER', engineChoice: 'CLUSTER' },
    ]);
    const results: unknown[] = [];
    for (const { id } of asked) {
      expect((await stack.events(id)).at(-1)?.analysis.status).toBe('SUCCEEDED');
      results.push((await stack.ask(STATE, { id })).data('analysis.result'));
    }
    expect(results[0]).toEqual(results[1]);
    expect(runs()).toBe(1);
    // Beyond the thousand rows that a result carries.
    const id = asked[1]?.id;
    let after: unknown = null;
    for (let page = 0; page < 11; page++) {
      const answer = await stack.ask(PAGE, { id, after });
      expect(answer.errors).toEqual([]);
      after = answer.data('posts.pageInfo.endCursor');
    }
    expect(pages()).toBe(1);
    // The same question of the same engine is the same run, however the engine came about.
    expect(await start({ engine: 'EMBEDDED' })).toMatchObject({ engine: 'EMBEDDED', engineChoice: 'EMBEDDED' });
    expect(runs()).toBe(1);
  });

  it('a long line of cluster questions stands in nobody’s way, and no more of them run than the session can answer together', async () => {
    const { engine, runs } = await otherEngine(60_000);
    await stack.addWorker(0, { cluster: engine });
    const second = await otherEngine(60_000);
    await stack.addWorker(0, { cluster: second.engine });
    const topics = Array.from({ length: MAX_ANALYSES_PER_RUN + 2 }, (_, index) => `cat ${'x'.repeat(index + 1)}`);
    const slow = await Promise.all(topics.map((topic) => start({ topic, engine: 'CLUSTER' })));
    await until('as many run as may', () => runs() + second.runs() === MAX_ANALYSES_PER_RUN);
    const fast = await start({ engine: 'EMBEDDED' });
    expect((await stack.events(fast.id)).at(-1)?.analysis.status).toBe('SUCCEEDED');
    const positions = await Promise.all(
      slow.map(async ({ id }) => (await stack.ask(STATE, { id })).data('analysis.queuePosition')),
    );
    expect(positions.filter((position) => position !== null).toSorted()).toEqual([0, 1]);
    expect(runs() + second.runs()).toBe(MAX_ANALYSES_PER_RUN);
  });

  it('auto goes to the cluster beyond the limit', async () => {
    await stack.close();
    const env = { LIVY_URL: 'http://127.0.0.1:9', ENGINE: 'auto', ENGINE_AUTO_LIMIT: '1' };
    stack = await Stack.start(testEnv(dataDir, env), { worker: false });
    expect(await start({})).toMatchObject({ engine: 'CLUSTER', engineChoice: 'AUTO' });
  });
});
