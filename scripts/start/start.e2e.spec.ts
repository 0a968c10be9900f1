import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './preflight.ts';
import { ROOT } from './root.ts';

// The real command on the real product, built before: what a person types and what they then read.
const START = join(ROOT, 'scripts/start.ts');
let folder: string;
let file: string;
const running = new Set<ChildProcess>();

interface Event {
  readonly event: string;
  readonly [key: string]: unknown;
}

const tweet = (n: number) =>
  JSON.stringify({
    id_str: String(1146300000000000000n + BigInt(n)),
    created_at: 'Wed Jul 03 06:30:00 +0000 2019',
    text: `night train number ${n} to #vienna`,
    lang: 'en',
    user: { id_str: String(n % 7), screen_name: `demo_${n % 7}` },
    entities: { hashtags: [], user_mentions: [], urls: [], symbols: [] },
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  file = join(folder, 'posts.jsonl');
  const lines = Array.from({ length: 200 }, (_, n) => tweet(n));
  writeFileSync(
    file,
    [...lines, tweet(0), '{"delete":{"status":{"id_str":"5","user_id_str":"1"}}}', 'not json', ''].join('\n'),
  );
});
afterEach(async () => {
  await Promise.all([...running].map(stop));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What root has to drop so that a folder's owner and mode count for it too; it can still read the checkout, wherever that lies. */
const WITHOUT_CAPABILITIES = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];

function sentence(args: readonly string[], prefix: readonly string[] = ['env']) {
  const [command = 'env', ...rest] = [...prefix, process.execPath, START, '--no-build', ...args];
  const run = spawnSync(command, rest, { encoding: 'utf8', cwd: folder, timeout: 240_000 });
  return { status: run.status, text: run.stdout + run.stderr };
}

/** Starts the product; resolves once it answers and has reported all the events. */
async function start(args: readonly string[], ...awaited: readonly string[]) {
  const child = spawn(process.execPath, [START, '--no-build', '--events', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const events: Event[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = JSON.parse(line) as Event;
      events.push(parsed);
      if (['ready', ...awaited].every((name) => events.some(({ event }) => event === name))) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code ?? '?'}: ${JSON.stringify(events)}`)));
  });
  return { child, events };
}

async function stop(child: ChildProcess): Promise<number | null> {
  running.delete(child);
  if (child.exitCode !== null) return child.exitCode;
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return await exited;
}

const processesWith = (text: string): string =>
  spawnSync('ps', ['-eo', 'pid,args', 'ww'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text))
    .join('\n');

/** How many posts match. A server that is too busy to answer at once is asked again. */
async function countOf(port: number, topic: string, ms = 120_000): Promise<unknown> {
  interface Data {
    readonly startAnalysis?: { readonly analysis: { readonly id: string } | null };
    readonly analysis?: { readonly status: string; readonly result: { readonly posts: number } | null } | null;
  }
  const ask = async (query: string, variables: Readonly<Record<string, unknown>>): Promise<Data> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return ((await response.json()) as { data?: Data | null }).data ?? {};
  };
  const interval = { from: '2019-07-03T00:00:00.000Z', to: '2019-07-04T00:00:00.000Z' };
  let id: string | undefined;
  for (const until = Date.now() + ms; Date.now() < until;) {
    id ??= (
      await ask(
        'mutation ($input: StartAnalysisInput!) { startAnalysis(input: $input) { analysis { id } userErrors { message } } }',
        { input: { topic, interval } },
      )
    ).startAnalysis?.analysis?.id;
    if (id !== undefined) {
      const { analysis } = await ask('query ($id: ID!) { analysis(id: $id) { status result { posts } } }', { id });
      if (analysis?.status === 'SUCCEEDED') return analysis.result?.posts;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no result');
}

describe('npm start says in one sentence why it cannot start', () => {
  const oneSentence = (text: string, pattern: RegExp) => {
    expect(text).toMatch(pattern);
    expect(text).not.toMatch(/\n\s+at /);
  };

  it('a port in use', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    try {
      const { status, text } = sentence(['--port', String(port), '--data-dir', join(folder, 'x')]);
      expect(status).toBe(2);
      oneSentence(text, /Cannot start: port \d+ is in use/);
    } finally {
      server.close();
    }
  });

  it('a file that is not there, and one that is not text', async () => {
    const port = String(await freePort());
    const missing = sentence(['--port', port, '--data-dir', join(folder, 'missing'), '--replay', 'nowhere.jsonl']);
    expect(missing.status).toBe(2);
    oneSentence(missing.text, /nowhere\.jsonl/);
    writeFileSync(join(folder, 'binary'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 0xff, 0xfe]));
    const binary = sentence(['--port', port, '--data-dir', join(folder, 'binary-data'), '--replay', 'binary']);
    expect(binary.status).toBe(2);
    oneSentence(binary.text, /binary/);
  });

  if (process.getuid?.() === 0) {
    it('no right to write', async () => {
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chownSync(locked, 65_534, 65_534);
      const args = ['--port', String(await freePort()), '--data-dir', join(locked, 'data')];
      const { status, text } = sentence(args, WITHOUT_CAPABILITIES);
      expect(status).toBe(2);
      oneSentence(text, /no right to write/);
    });

    it('a full disk', async () => {
      const mount = join(folder, 'full');
      mkdirSync(mount);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]).status).toBe(0);
      try {
        writeFileSync(join(mount, 'filler'), Buffer.alloc(1_000_000));
        const { status, text } = sentence(['--port', String(await freePort()), '--data-dir', mount]);
        expect(status).toBe(2);
        oneSentence(text, /full/);
      } finally {
        spawnSync('umount', [mount]);
      }
    });
  }
});

describe('npm start -- --replay', () => {
  it('accounts for every record, stops cleanly, and goes on with the same data', async () => {
    const port = await freePort();
    const dataDir = join(folder, 'replay');
    const args = ['--port', String(port), '--data-dir', dataDir, '--replay', file];
    const first = await start(args, 'replay-done');
    expect(first.events.find(({ event }) => event === 'replay-done')).toMatchObject({
      accounting: { received: 203, stored: 200, duplicates: 1, deletes: 1, not_posts: 0, dead_letters: 1, pending: 0 },
    });
    expect(await countOf(port, '"night train"')).toBe(200);
    const asked = Date.now();
    expect(await stop(first.child)).toBe(0);
    expect(Date.now() - asked, 'nothing has to be cut off at its deadline').toBeLessThan(20_000);
    expect(processesWith(dataDir)).toBe('');

    const second = await start(args, 'replay-done');
    expect(second.events.find(({ event }) => event === 'replay-done')).toMatchObject({
      accounting: { received: 203, stored: 200 },
    });
    expect(await countOf(port, '#vienna')).toBe(0); // the platform named no entity, so it is no hashtag
    expect(await countOf(port, 'vienna')).toBe(200);
    expect(await stop(second.child)).toBe(0);
  });

  it('restarts what dies, and takes over the Redis of a start that was killed', async () => {
    const port = await freePort();
    const dataDir = join(folder, 'killed');
    const args = ['--port', String(port), '--data-dir', dataDir, '--replay', file];
    const first = await start(args, 'replay-done');
    const address = readFileSync(join(dataDir, 'redis/address'), 'utf8');
    const redis = Number(
      processesWith(`redis-server 127.0.0.1:${new URL(address).port}`)
        .trim()
        .split(' ')[0],
    );
    process.kill(redis, 'SIGKILL');
    await expect
      .poll(async () => await countOf(port, 'train', 10_000).catch(() => null), { timeout: 120_000, interval: 500 })
      .toBe(200);
    first.child.kill('SIGKILL');
    running.delete(first.child);
    // The killed start's processes hold the port: this one gets another, and the same Redis.
    const second = await start(['--port', String(await freePort()), ...args.slice(2)]).catch((error: unknown) => error);
    expect(second).not.toBeInstanceOf(Error);
    expect(readFileSync(join(dataDir, 'redis/address'), 'utf8')).toBe(address);
  });
});

describe('two starts', () => {
  it('run side by side', async () => {
    const ports = [await freePort(), await freePort()];
    const starts = await Promise.all(
      ports.map(
        async (port, n) =>
          await start(
            ['--port', String(port), '--data-dir', join(folder, `side-${n}`), '--replay', file],
            'replay-done',
          ),
      ),
    );
    for (const port of ports) expect(await countOf(port, 'night')).toBe(200);
    for (const { child } of starts) expect(await stop(child)).toBe(0);
  });
});
