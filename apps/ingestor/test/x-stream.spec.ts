import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '@analytica/lake';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startXApi, type XApiDouble } from './doubles/x-api.ts';
import { bundleIngestor, removeBundle, type Running, startIngestor } from './support/ingestor-process.js';
import { random } from './support/lines.js';
import { readLake } from './support/read-lake.js';

const KILLS = Number(process.env['X_KILLS'] ?? 2);
const SEED = Number(process.env['LONG_SEED'] ?? 1);

let entry: string;
let scratch: string;
const started: Running[] = [];
const doubles: XApiDouble[] = [];

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'x-stream-'));
});
afterEach(async () => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
  for (const double of doubles.splice(0)) await double.close();
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

function start(double: XApiDouble, folder: string, env: Readonly<Record<string, string>> = {}): Running {
  const running = startIngestor(entry, {
    DATA_DIR: folder,
    INGEST_SOURCES: 'x-filtered',
    X_API_URL: double.url,
    X_BEARER_TOKEN: double.token,
    LOG_LEVEL: 'trace',
    ...env,
  });
  started.push(running);
  return running;
}

/** Ids of the posts that the log holds for good: those before the last commit of each segment. */
async function loggedIds(folder: string): Promise<readonly string[]> {
  const log = join(folder, 'lake/log');
  const names = (await readdir(log).catch(() => [])).filter((name) => name.endsWith('.ndjson'));
  // A segment may leave while it is looked at: then the lake has it.
  const texts = await Promise.all(names.map((name) => readFile(join(log, name), 'utf8').catch(() => '')));
  return texts.flatMap((text) => {
    const lines = text.split('\n').slice(0, -1);
    const last = lines.findLastIndex((line) => line.startsWith('{"kind":"commit",'));
    const posts = lines.slice(0, last + 1).filter((line) => line.startsWith('{"kind":"post",'));
    return posts.map((line) => (JSON.parse(line) as { id: string }).id);
  });
}

async function listedIds(folder: string): Promise<readonly string[]> {
  const root = join(folder, 'lake');
  return (await readManifest(root)) === null ? [] : (await readLake(root, scratch)).posts;
}

const idsOf = (lines: readonly Buffer[]): string[] =>
  lines.map((line) => (JSON.parse(line.toString()) as { data: { id: string } }).data.id);

it(`keeps what was durable over ${String(KILLS)} kill -9, doubles nothing, and tells each gap (seed ${String(SEED)})`, async () => {
  const folder = join(scratch, 'killed');
  const double = await startXApi({ perSecond: 500 });
  doubles.push(double);
  const next = random(SEED);
  const env = { LAKE_FLUSH_SECONDS: '0.3', LAKE_FLUSH_MIB: '0.25' };
  const durable = new Set<string>();
  const captures = async (): Promise<Running> => {
    const running = start(double, folder, env);
    await expect.poll(async () => (await loggedIds(folder)).some((id) => !durable.has(id))).toBe(true);
    return running;
  };
  const told: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const running = await captures();
    await sleep(next() * 700);
    running.child.kill('SIGKILL');
    expect(await running.ended).toBe('SIGKILL');
    for (const id of [...(await loggedIds(folder)), ...(await listedIds(folder))]) durable.add(id);
    await expect.poll(() => double.open()).toBe(0);
    told.push(JSON.stringify(running.told), running.stderr());
  }
  const last = await captures();
  last.child.kill('SIGTERM');
  expect(await last.ended).toBe(0);

  const { manifest, posts } = await readLake(join(folder, 'lake'), scratch);
  expect(new Set(posts).size).toBe(posts.length);
  const kept = new Set(posts);
  expect([...durable].filter((id) => !kept.has(id))).toEqual([]);
  const sent = new Set(idsOf(double.sent));
  expect(posts.filter((id) => !sent.has(id))).toEqual([]);
  const gaps = (manifest.coverage?.gaps ?? []).filter(({ cause }) => cause === 'CRASHED');
  expect(gaps).toHaveLength(KILLS);
  expect(gaps.every(({ from, to, status }) => status === 'CLOSED' && to !== null && from < to)).toBe(true);
  expect(told.join('') + JSON.stringify(last.told) + last.stderr()).not.toContain(double.token);
});

it('ends with a sentence and exit code 2 where X refuses the token', async () => {
  const double = await startXApi();
  doubles.push(double);
  const running = start(double, join(scratch, 'refused'), { X_BEARER_TOKEN: 'wrong' });
  expect(await running.ended).toBe(2);
  const fatal = await running.waitFor('fatal');
  expect(fatal['message']).toMatch(/^X refuses x-filtered \(HTTP 401: Unauthorized\): check the bearer token/);
  expect(double.streamRequests).toHaveLength(0);
});

it('says what is missing before it starts', async () => {
  const double = await startXApi();
  doubles.push(double);
  const running = start(double, join(scratch, 'missing'), { X_BEARER_TOKEN: '' });
  expect(await running.ended).toBe(2);
  expect((await running.waitFor('fatal'))['message']).toMatch(/set X_BEARER_TOKEN in the environment or in \.env/);
});
