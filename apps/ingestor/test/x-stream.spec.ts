import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startXApi, type XApiDouble } from './doubles/x-api.ts';
import { bundleIngestor, removeBundle, type Running, startIngestor } from './support/ingestor-process.js';
import { readLake } from './support/read-lake.js';

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

/** All that is in the log and the lake's folder of it at this moment, as text. */
async function logText(folder: string): Promise<string> {
  const log = join(folder, 'lake/log');
  const names = await readdir(log).catch(() => []);
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.ndjson')).map((name) => readFile(join(log, name), 'utf8').catch(() => '')),
  );
  return texts.join('');
}

const idsOf = (lines: readonly Buffer[]): string[] =>
  lines.map((line) => (JSON.parse(line.toString()) as { data: { id: string } }).data.id);

it('keeps what was durable over kill -9, doubles nothing, and goes on with the stream', async () => {
  const folder = join(scratch, 'killed');
  const double = await startXApi({
    script: [{ steps: [{ serveMs: 60_000, perSecond: 500 }] }, { steps: [{ posts: 100 }] }],
  });
  doubles.push(double);
  const env = { LAKE_FLUSH_SECONDS: '3600' };
  const first = start(double, folder, env);
  await expect.poll(async () => (await logText(folder)).includes(idsOf(double.sent)[300] ?? '-')).toBe(true);
  first.child.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  await expect.poll(() => double.open()).toBe(0);
  const sentBefore = idsOf(double.sent);
  const durable = await logText(folder);
  const logged = sentBefore.filter((id) => durable.includes(`"${id}"`));
  // In order: what is missing is the end.
  expect(logged).toEqual(sentBefore.slice(0, logged.length));

  const second = start(double, folder, env);
  await expect.poll(async () => (await logText(folder)).includes(idsOf(double.sent).at(-1) ?? '-')).toBe(true);
  await expect.poll(() => double.sent.length).toBe(sentBefore.length + 100);
  await expect.poll(async () => (await logText(folder)).includes(idsOf(double.sent).at(-1) ?? '-')).toBe(true);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const { posts } = await readLake(join(folder, 'lake'), scratch);
  expect(new Set(posts).size).toBe(posts.length);
  const after = idsOf(double.sent).slice(sentBefore.length);
  expect(posts.length).toBeGreaterThanOrEqual(logged.length + after.length);
  expect(posts).toEqual(expect.arrayContaining([...logged, ...after]));
  expect(sentBefore.concat(after)).toEqual(expect.arrayContaining([...posts]));
  const told = [first, second].flatMap((running) => [JSON.stringify(running.told), running.stderr()]).join('');
  expect(told).not.toContain(double.token);
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
