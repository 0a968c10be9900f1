import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from './preflight.ts';
import { ROOT } from './root.ts';

// `npm start -- --engine cluster` without a Livy server: it brings one up, the answer comes through it, and it goes with the rest.
const POSTS = 200;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-cluster-'));
  const posts = Array.from({ length: POSTS }, (_, n) =>
    JSON.stringify({
      id_str: String(1146300000000000000n + BigInt(n)),
      created_at: 'Wed Jul 03 06:30:00 +0000 2019',
      text: `night train number ${n} to #vienna`,
      lang: 'en',
      user: { id_str: String(n % 7), screen_name: `demo_${n % 7}` },
      entities: { hashtags: [], user_mentions: [], urls: [], symbols: [] },
    }),
  );
  writeFileSync(join(folder, 'posts.jsonl'), posts.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Data {
  readonly startAnalysis?: { readonly analysis: { readonly id: string } | null; readonly userErrors: unknown[] };
  readonly analysis?: {
    readonly status: string;
    readonly engine: string;
    readonly result: { readonly hash: string } | null;
  };
}

async function graphql(url: string, query: string, variables: Readonly<Record<string, unknown>>): Promise<Data> {
  const response = await fetch(new URL('graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data?: Data | null }).data ?? {};
}

async function answer(url: string, engine: string | null) {
  const interval = { from: '2019-07-03T00:00:00.000Z', to: '2019-07-04T00:00:00.000Z' };
  const started = await graphql(
    url,
    'mutation ($input: StartAnalysisInput!) { startAnalysis(input: $input) { analysis { id } userErrors { message } } }',
    { input: { topic: '"night train"', interval, engine } },
  );
  const id = started.startAnalysis?.analysis?.id;
  if (id === undefined) throw new Error(JSON.stringify(started));
  const state = 'query ($id: ID!) { analysis(id: $id) { status engine error { message } result { posts hash } } }';
  await expect
    .poll(async () => (await graphql(url, state, { id })).analysis?.status, { timeout: 400_000, interval: 200 })
    .not.toMatch(/QUEUED|RUNNING/);
  return (await graphql(url, state, { id })).analysis;
}

it('answers through Livy and Spark, as DuckDB does, and leaves nothing behind', async () => {
  const port = await freePort();
  const dataDir = join(folder, 'data');
  const args = ['--events', '--engine', 'cluster', '--port', String(port), '--data-dir', dataDir];
  const { LIVY_URL: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [join(ROOT, 'scripts/start.ts'), ...args, '--replay', join(folder, 'posts.jsonl')],
    { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let livyPort = 'none';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    const events: Record<string, unknown>[] = [];
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        events.push(JSON.parse(line) as Record<string, unknown>);
        const names = events.map(({ event }) => event);
        if (names.includes('ready') && names.includes('replay-done')) resolve();
      });
      void exited.then((code) => reject(new Error(`ended with ${code ?? '?'}: ${JSON.stringify(events)}`)));
    });
    const ready = events.find(({ event }) => event === 'ready');
    expect(ready).toMatchObject({ engine: 'cluster', livy: expect.stringMatching(/Livy/) as string });
    console.log(`Spark through ${String(ready?.['livy'])}`);
    livyPort = new URL(String(ready?.['livyUrl'])).port;
    const url = `http://127.0.0.1:${port}/`;
    const cluster = await answer(url, null);
    expect(cluster).toMatchObject({ status: 'SUCCEEDED', engine: 'CLUSTER', result: { posts: POSTS } });
    const embedded = await answer(url, 'EMBEDDED');
    expect(embedded).toMatchObject({ status: 'SUCCEEDED', engine: 'EMBEDDED', result: { posts: POSTS } });
    expect(cluster?.result?.hash).toBe(embedded?.result?.hash);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await exited).toBe(0);
  const left = spawnSync('ps', ['-eo', 'pid,args', 'ww'], { encoding: 'utf8' }).stdout.split('\n');
  expect(left.filter((line) => line.includes(dataDir) || line.includes(`livy-server.ts --port ${livyPort}`))).toEqual(
    [],
  );
});
