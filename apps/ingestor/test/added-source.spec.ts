import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { captureKey, NO_CONNECTION, type CaptureStatus, captureStatusSchema } from '@analytica/domain/contracts';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { copyRepository, follow, type Step, stepsOf } from './support/contributing.js';
import { bundleIngestor, type Running, startIngestor as start } from './support/ingestor-process.js';
import { tweet } from './support/lines.js';
import { readLake } from './support/read-lake.js';

const redisUrl = process.env['TEST_REDIS_URL'];
if (redisUrl === undefined) throw new Error('TEST_REDIS_URL is not set: these tests need a Redis.');
const prefix = `added-${String(process.pid)}:`;
/** Under the project, so that its dependencies are found. */
const copies = join(import.meta.dirname, '../test-output', `added-source-${String(process.pid)}`);
const FILE_POSTS = 500;

let steps: readonly Step[];
let scratch: string;
let redis: Redis;
const started: Running[] = [];

beforeAll(async () => {
  steps = await stepsOf('Adding a source');
  scratch = await mkdtemp(join(tmpdir(), 'added-source-'));
  redis = new Redis(redisUrl);
});
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  redis.disconnect();
  await rm(scratch, { recursive: true, force: true });
  await rm(copies, { recursive: true, force: true });
});

/** The repository after these steps. */
async function after(done: readonly Step[], name: string): Promise<string> {
  const root = join(copies, name);
  await mkdir(root, { recursive: true });
  await copyRepository(root);
  for (const step of done) await follow(step, root);
  return root;
}

function startIngestor(entry: string, env: Readonly<Record<string, string>>): Running {
  const running = start(entry, env);
  started.push(running);
  return running;
}

const bundle = (root: string): Promise<string> =>
  bundleIngestor(join(root, 'apps/ingestor'), 'src/main.ts', join(root, 'bundle'));

/** What `npm start` hands to the ingestor for these arguments. */
async function environmentOf(root: string, args: readonly string[]): Promise<Record<string, string>> {
  const options = pathToFileURL(join(root, 'scripts/start/options.ts')).href;
  const program = `const { parseOptions } = await import(${JSON.stringify(options)});
    const { environment, replayFiles, lake } = parseOptions(${JSON.stringify(args)}, {});
    console.log(JSON.stringify({ ...environment, REPLAY_FILES: JSON.stringify(replayFiles), LAKE: lake }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as Record<string, string>;
}

async function statusOf(running: Running, isMeant: (status: CaptureStatus) => boolean): Promise<CaptureStatus> {
  let found: CaptureStatus | null = null;
  await expect
    .poll(async () => {
      if (running.child.exitCode !== null) throw new Error(running.stderr());
      const status = captureStatusSchema.safeParse(JSON.parse((await redis.get(captureKey(prefix))) ?? 'null')).data;
      if (status !== undefined && isMeant(status)) found = status;
      return found;
    })
    .not.toBeNull();
  return found as unknown as CaptureStatus;
}

describe('a source added by the steps of CONTRIBUTING.md', () => {
  it('runs beside another, in one lake, over a kill, with its own cursor, state and figures', async () => {
    const root = await after(steps, 'whole');
    const entry = await bundle(root);
    const file = join(scratch, 'posts.ndjson');
    const ids = Array.from({ length: FILE_POSTS }, (_, n) => String(1_000_000 + n));
    await writeFile(file, ids.map((id) => tweet(id)).join('\n'));
    const args = ['--ingest-sources', 'ticker,replay', '--ticker-ms', '3', '--replay', file];
    const given = await environmentOf(root, args);
    expect(given).toMatchObject({ INGEST_SOURCES: 'ticker,replay', LAKE: 'lake', TICKER_MS: '3' });
    const env = {
      ...given,
      DATA_DIR: scratch,
      LAKE_FLUSH_SECONDS: '0.2',
      REDIS_URL: redisUrl,
      REDIS_PREFIX: prefix,
    };

    const first = startIngestor(entry, env);
    expect((await first.waitFor('replay-done'))['problems']).toEqual([]);
    const status = await statusOf(first, ({ accounting, sources }) => {
      return accounting.stored > FILE_POSTS + 50 && sources.some(({ state }) => state === 'ENDED');
    });
    expect(status).toMatchObject({ state: 'LIVE', problem: null, demo: false });
    expect(status.sources).toMatchObject([
      { name: 'ticker', state: 'LIVE', problems: [], lagMs: 0, ...NO_CONNECTION },
      { name: 'replay of 1 file', state: 'ENDED', problems: [], lagMs: null, ...NO_CONNECTION },
    ]);
    first.child.kill('SIGKILL');
    await first.ended;
    await redis.del(captureKey(prefix));

    const second = startIngestor(entry, env);
    await statusOf(second, ({ accounting }) => accounting.stored > status.accounting.stored + 100);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const { accounting } = second.told.findLast(({ event }) => event === 'accounting') as unknown as CaptureStatus;
    const ticks = accounting.stored - FILE_POSTS;
    expect(accounting).toEqual({
      ...{ received: accounting.stored, stored: accounting.stored, duplicates: 0, deletes: 0 },
      ...{ not_posts: 0, dead_letters: 0, filtered: 0, pending: 0 },
    });
    const { posts, manifest } = await readLake(join(scratch, 'lake'), scratch);
    expect(manifest.kind).toBe('real');
    // No tick is missing and none is there twice: the cursor went on where the log ended.
    const expected = [...ids, ...Array.from({ length: ticks }, (_, n) => String(n + 1))];
    expect(posts).toEqual(expected.toSorted());
  });

  it('is refused beside demo data, and with a lake that holds them', async () => {
    const entry = await bundle(join(copies, 'whole'));
    const beside = startIngestor(entry, { INGEST_SOURCES: 'demo,ticker', DATA_DIR: scratch });
    expect((await beside.waitFor('fatal'))['message']).toBe(
      'INGEST_SOURCES is "demo,ticker": demo data and real posts never share a lake; leave demo out, or start it by itself.',
    );
    expect(await beside.ended).toBe(2);
    const demo = startIngestor(entry, { INGEST_SOURCES: 'demo', LAKE: 'shared', DATA_DIR: scratch });
    await demo.waitFor('fill-progress');
    demo.child.kill('SIGTERM');
    await demo.ended;
    const ticker = startIngestor(entry, { INGEST_SOURCES: 'ticker', LAKE: 'shared', DATA_DIR: scratch });
    expect((await ticker.waitFor('fatal'))['message']).toMatch(
      /shared holds demo data and takes no real posts: set LAKE/,
    );
    expect(await ticker.ended).toBe(2);
  });
});

describe('a step that is left out', () => {
  const without = (path: string): readonly Step[] => {
    const left = steps.filter((step) => step.path !== path);
    expect(left.length).toBe(steps.length - 1);
    return left;
  };

  it('of the registry: the ingestor knows no such source', async () => {
    const root = await after(without('apps/ingestor/src/sources/registry.ts'), 'registry');
    const running = startIngestor(await bundle(root), { INGEST_SOURCES: 'ticker', DATA_DIR: scratch });
    expect((await running.waitFor('fatal'))['message']).toMatch(/^INGEST_SOURCES is "ticker": it can be/);
    expect(await running.ended).toBe(2);
  });

  it("of the start's settings: the start knows no such source", async () => {
    const root = await after(without('scripts/start/settings.ts'), 'settings');
    await expect(environmentOf(root, ['--ingest-sources', 'ticker'])).rejects.toThrow(/INGEST_SOURCES is "ticker"/);
  });

  it('of the README: its settings are not those of the product', async () => {
    const names = async (root: string): Promise<string> => {
      const module = pathToFileURL(join(root, 'scripts/start/readme-settings.ts')).href;
      const program = `const { readmeSettings } = await import(${JSON.stringify(module)});
        console.log(readmeSettings(${JSON.stringify(await readFile(join(root, 'README.md'), 'utf8'))}).map((s) => s.name).join());`;
      return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])).stdout;
    };
    expect(await names(await after(steps, 'documented'))).toContain('TICKER_MS');
    expect(await names(await after(without('README.md'), 'undocumented'))).not.toContain('TICKER_MS');
  });

  it.each(['declaration.ts', 'ticker-source.ts'])('of %s: the ingestor does not build', async (file) => {
    const root = await after(without(`apps/ingestor/src/sources/ticker/${file}`), file);
    await expect(bundle(root)).rejects.toThrow(`ticker/${file.replace('.ts', '.js')}`);
  });
});
