import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR_MS } from '@analytica/domain';
import { lakeAt, lakeLocation, LakeWriter, readManifest } from '@analytica/lake';
import { DAMAGE_CASES, damageFile } from '@analytica/lake/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURE_END, makeLake, removeLake } from './fixture-lake.js';
import { Stack, testEnv, until } from './stack.js';

const HOURS = 4;
const EACH = 400;
const RESULT = `query ($id: ID!) { analysis(id: $id) { status error { code message }
  result { complete posts hash missingHours { from to reason } } } }`;
const PAGE = `query ($id: ID!, $after: String) { posts(analysisId: $id, order: NEWEST, first: 100, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { createdAt } } } }`;

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: { readonly createdAt: string } }[];
}

let dataDir: string;
let root: string;
let stack: Stack;

beforeEach(async () => {
  dataDir = await makeLake({ hours: HOURS, perHour: EACH });
  root = lakeLocation(dataDir, 'demo').root;
});
afterEach(async () => {
  await stack.close();
  await removeLake(dataDir);
});

async function answer(): Promise<{ id: string; result: (path: string) => unknown }> {
  const id = await stack.begin('cat');
  await until('the run ended', async () => ['SUCCEEDED', 'FAILED'].includes(await stack.status(id)));
  const { data, errors } = await stack.ask(RESULT, { id });
  expect(errors).toEqual([]);
  expect(data('analysis.error')).toBeNull();
  return { id, result: (path) => data(`analysis.result.${path}`) };
}

async function allPosts(id: string): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ;) {
    const { data, errors } = await stack.ask(PAGE, { id, after });
    expect(errors).toEqual([]);
    const page = data('posts') as Page;
    found.push(...page.edges.map(({ node }) => node.createdAt));
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor;
  }
}

async function pathOf(hour: number): Promise<string> {
  return (await readManifest(root))?.files.find((file) => file.hour === hour)?.path ?? '';
}

const BAD = FIXTURE_END - 2 * HOUR_MS;
const missing = (reason: string) => [
  { from: new Date(BAD).toISOString(), to: new Date(BAD + HOUR_MS).toISOString(), reason },
];

describe('a question about a damaged lake', () => {
  it.each(DAMAGE_CASES)('%s: the other hours are answered, and the missing one is named', async (damage, condition) => {
    await damageFile(root, await pathOf(BAD), damage);
    stack = await Stack.start(testEnv(dataDir));
    const { id, result } = await answer();
    expect(result('posts')).toBe((HOURS - 1) * EACH);
    expect(result('missingHours')).toEqual(missing(condition === 'missing' ? 'FILE_MISSING' : 'FILE_DAMAGED'));
    // More than the result carries: the rest is read by jobs of their own.
    const posts = await allPosts(id);
    expect(posts).toHaveLength((HOURS - 1) * EACH);
    expect(posts.filter((at) => Date.parse(at) >= BAD && Date.parse(at) < BAD + HOUR_MS)).toEqual([]);
  });

  it('answers on a file that goes bad while the server runs; set aside, it is the same answer', async () => {
    stack = await Stack.start(testEnv(dataDir, { RESULT_TTL_HOURS: '1' }));
    const whole = await answer();
    expect(whole.result('posts')).toBe(HOURS * EACH);
    expect(whole.result('missingHours')).toEqual([]);
    await damageFile(root, await pathOf(BAD), 'deleted');
    // The answer that is there stays, the question asked anew lacks the hour.
    const lake = await LakeWriter.open(lakeAt(root), { retentionDays: 0 });
    await lake.inspector.glance();
    await lake.close();
    await until(
      'another snapshot is taken',
      async () => (await answer()).result('posts') === (HOURS - 1) * EACH,
      30_000,
    );
    const listed = await answer();
    expect(listed.result('missingHours')).toEqual(missing('FILE_MISSING'));
    expect(listed.result('hash')).not.toBe(whole.result('hash'));
  });

  it('is asked anew once the file is back, though the list of files never changed', async () => {
    const path = join(root, await pathOf(BAD));
    await rename(path, `${path}.away`);
    stack = await Stack.start(testEnv(dataDir));
    const lacking = await answer();
    expect(lacking.result('missingHours')).toEqual(missing('FILE_MISSING'));
    await rename(`${path}.away`, path);
    const whole = await answer();
    expect(whole.result('missingHours')).toEqual([]);
    expect(whole.result('posts')).toBe(HOURS * EACH);
    // A whole answer is found again.
    const again = await answer();
    expect(again.result('hash')).toBe(whole.result('hash'));
  });

  it('tells nobody of queries, folders or programs', async () => {
    for (let hour = 1; hour <= HOURS; hour += 1) {
      await damageFile(root, await pathOf(FIXTURE_END - hour * HOUR_MS), 'a flipped byte in the footer');
    }
    stack = await Stack.start(testEnv(dataDir));
    const { id, result } = await answer();
    expect(result('posts')).toBe(0);
    const { data } = await stack.ask(RESULT, { id });
    const told = JSON.stringify(data('analysis'));
    expect(told).not.toContain(dataDir);
    expect(told).not.toMatch(/SELECT|parquet|TProtocol|node_modules|at .*\.js/i);
  });
});
