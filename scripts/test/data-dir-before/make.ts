import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import { DATA, INPUT, PLACE } from './folder.ts';
import { answersOf, DEMO_QUESTIONS, type Question, REPLAY_QUESTIONS } from './questions.ts';

// Makes the fixture beside it with a program of the version before: node make.ts CHECKOUT (built; libfaketime and Redis installed).
const [checkout = ''] = process.argv.slice(2);
const HERE = import.meta.dirname;
const NODE = join(checkout, 'node_modules/.bin/node');
const INGESTOR = join(checkout, 'apps/ingestor/dist/main.js');
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const REDIS_PORT = 24_680;
const API_PORT = 24_681;

interface Ingestor {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly events: Record<string, unknown>[];
  until(holds: () => boolean): Promise<void>;
}

/** Runs the ingestor of the version before from this time on. */
function ingest(time: string, dataDir: string, env: Record<string, string>): Ingestor {
  const child = spawn(NODE, [INGESTOR], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: '/usr/bin:/bin',
      DATA_DIR: dataDir,
      REDIS_URL: 'redis://127.0.0.1:1',
      LOG_LEVEL: 'silent',
      LD_PRELOAD: FAKETIME,
      FAKETIME: `@${time}`,
      TZ: 'UTC',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
      ...env,
    },
  });
  const events: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as Record<string, unknown>;
    events.push(event);
    if (event['event'] === 'fatal') console.error(line);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let isOver = false;
  void ended.then(() => (isOver = true));
  return {
    child,
    ended,
    events,
    async until(holds) {
      while (!holds()) {
        if (isOver) throw new Error(`The ingestor ended: ${JSON.stringify(events.at(-1))}`);
        await sleep(1);
      }
    },
  };
}

const has = (running: Ingestor, name: string) => running.events.some(({ event }) => event === name);

async function replay(time: string, name: string, env: Record<string, string> = {}, dataDir = DATA): Promise<unknown> {
  const running = ingest(time, dataDir, {
    INGEST_SOURCE: 'replay',
    REPLAY_FILES: join(INPUT, name),
    LAKE_FLUSH_SECONDS: '0.2',
    ...env,
  });
  await running.until(() => has(running, 'replay-done'));
  running.child.kill('SIGTERM');
  await running.ended;
  return running.events.find(({ event }) => event === 'replay-done')?.['accounting'];
}

const { generateLines } = (await import(
  pathToFileURL(join(checkout, 'apps/ingestor/dist/sources/demo/demo-source.js')).href
)) as { generateLines: (options: { seed: number; from: number; to: number; rate: number }) => Iterable<Buffer> };
const lake = (await import(pathToFileURL(join(checkout, 'libs/lake/dist/index.js')).href)) as {
  readSnapshot: (root: string) => Promise<unknown>;
  pinSnapshot: (snapshot: unknown, runId: string) => Promise<unknown>;
  holdSnapshot: (snapshot: unknown) => Promise<void>;
};

/** Bluesky events: posts, edited ones, deleted ones. */
function* blueskyLines(): Generator<string> {
  for (let n = 0; n < 40; n += 1) {
    const event = (operation: string, minute: number, text: string, version: number): string =>
      JSON.stringify({
        did: `did:plc:generated${String(n % 9)}`,
        time_us: (Date.parse('2026-03-10T08:00:00Z') + minute * 60_000) * 1000,
        kind: 'commit',
        commit: {
          operation,
          collection: 'app.bsky.feed.post',
          rkey: `3kgenerated${String(n)}`,
          ...(operation === 'delete'
            ? {}
            : {
                cid: `bafygenerated${String(n)}v${String(version)}`,
                record: { $type: 'app.bsky.feed.post', text, langs: ['en'], createdAt: '2026-03-10T08:00:00Z' },
              }),
        },
      });
    yield event('create', n, `blue sky number ${String(n)} over the sea`, 1);
    if (n % 4 === 0) yield event('update', n + 50, `grey sky number ${String(n)} over the sea`, 2);
    if (n % 7 === 0) yield event('delete', n + 100, '', 0);
  }
}

function writeInput(name: string, lines: readonly string[]): void {
  const path = join(INPUT, name);
  writeFileSync(path, lines.join('\n') + '\n');
  const time = new Date('2026-03-11T00:00:00Z'); // whole seconds, which every archive keeps
  utimesSync(path, time, time);
}

function generated(from: string, hours: number, seed: number): string[] {
  const start = Date.parse(from);
  return [...generateLines({ seed, from: start, to: start + hours * 3_600_000, rate: 0.04 })].map(String);
}

function writeInputs(): void {
  mkdirSync(INPUT, { recursive: true });
  const first = generated('2026-03-10T06:00:00Z', 1, 1);
  writeInput('a.ndjson', first);
  writeInput('b.ndjson', [
    ...generated('2026-03-10T07:00:00Z', 1, 1),
    ...first.slice(0, 9),
    'not json',
    '{"limit":{}}',
  ]);
  writeInput('c.ndjson', [...blueskyLines(), '{"id_str":"77","text":"no author"}']);
  writeInput('d.ndjson', generated('2026-03-10T08:00:00Z', 1, 1));
  writeInput('e.ndjson', generated('2026-03-10T09:00:00Z', 1, 1));
  // Lines that are not posts make the last file large enough to stop in its midst.
  const padding = `{"limit":{"track":1},"padding":"${'x'.repeat(900_000)}"}`;
  const last = [...generated('2026-03-10T10:00:00Z', 2, 1), ...first.slice(0, 5), 'broken {'];
  writeInput(
    'last.ndjson',
    last.flatMap((line, n) => (n % 8 === 7 ? [padding, line] : [line])),
  );
}

async function makeReplayLake(): Promise<void> {
  await replay('2026-03-11 10:50:00', 'a.ndjson');
  await replay('2026-03-11 11:10:00', 'b.ndjson');
  await replay('2026-03-11 11:20:00', 'c.ndjson');
  // Readers that were there before both hours were rewritten as one file each; the first hour's parts alone are pinned.
  const snapshot = await lake.readSnapshot(join(DATA, 'lake'));
  await lake.pinSnapshot(snapshot, 'a run of the version before');
  await lake.holdSnapshot(snapshot);
  await replay('2026-03-11 12:10:00', 'd.ndjson');
  await replay('2026-03-11 12:20:00', 'e.ndjson');
  const tidying = ingest('2026-03-11 13:05:00', DATA, {
    INGEST_SOURCE: 'replay',
    REPLAY_FILES: join(INPUT, 'e.ndjson'),
  });
  // Both hours are one file each, beside the files that they were.
  const inHour = (hour: string): number =>
    parquetFiles().filter((name) => name.startsWith(`2026/03/11/${hour}/`)).length;
  await tidying.until(() => inHour('11') === 3 && inHour('12') === 3);
  await sleep(1000);
  tidying.child.kill('SIGKILL');
  await tidying.ended;
}

function parquetFiles(): string[] {
  return readdirSync(join(DATA, 'lake'), { recursive: true })
    .map(String)
    .filter((name) => name.includes('.parquet'));
}

/** Kills the last replay when part of it is in the log and none of that in the lake. */
async function killReplay(): Promise<void> {
  cpSync(DATA, join(PLACE, 'before'), { recursive: true, preserveTimestamps: true });
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const running = ingest('2026-03-11 13:20:00', DATA, {
      INGEST_SOURCE: 'replay',
      REPLAY_FILES: join(INPUT, 'last.ndjson'),
      LAKE_FLUSH_SECONDS: '3600',
    });
    const log = join(DATA, 'lake/log');
    const bytes = () => readdirSync(log).reduce((sum, name) => sum + statSync(join(log, name)).size, 0);
    const start = bytes();
    await running.until(() => bytes() > start + 30_000);
    running.child.kill('SIGKILL');
    await running.ended;
    if (!has(running, 'replay-done')) {
      rmSync(join(PLACE, 'before'), { recursive: true });
      return;
    }
    rmSync(DATA, { recursive: true });
    cpSync(join(PLACE, 'before'), DATA, { recursive: true, preserveTimestamps: true });
  }
  throw new Error('The replay always ended before it was killed.');
}

const DEMO_ENV = { INGEST_SOURCE: 'demo', DEMO_RATE: '0.01' };

async function killDemo(): Promise<void> {
  const running = ingest('2026-03-11 13:30:00', DATA, DEMO_ENV);
  await running.until(() => running.events.some((event) => event['event'] === 'fill-progress'));
  const log = join(DATA, 'demo/log');
  const listed = (): number => {
    const path = join(DATA, 'demo/manifest.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { files: unknown[] }).files.length : 0;
  };
  // Some hours are in the lake, others wait in the log.
  await running.until(() => listed() >= 2 && readdirSync(log).length > 2);
  running.child.kill('SIGKILL');
  await running.ended;
}

/** What the version before makes of the folder. */
async function answersBefore(dataDir: string, source: string, questions: readonly Question[]): Promise<unknown[]> {
  const env = {
    PATH: '/usr/bin:/bin',
    DATA_DIR: dataDir,
    INGEST_SOURCE: source,
    REDIS_URL: `redis://127.0.0.1:${String(REDIS_PORT)}`,
    REDIS_PREFIX: `${source}:`,
    PORT: String(API_PORT),
    LOG_LEVEL: 'warn',
  };
  const children = ['main.js', 'worker.js'].map((name) =>
    spawn(NODE, [join(checkout, 'apps/api/dist', name)], { stdio: 'inherit', env }),
  );
  const url = `http://127.0.0.1:${String(API_PORT)}/`;
  while (
    !(await fetch(new URL('health/live', url)).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(50);
  const answers = await answersOf(url, questions);
  for (const child of children) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  return answers;
}

rmSync(PLACE, { recursive: true, force: true });
mkdirSync(DATA, { recursive: true });
writeInputs();
await makeReplayLake();
await killReplay();
await killDemo();
// The tables that DuckDB spilled are nobody's any more.
for (const name of ['lake', 'demo']) rmSync(join(DATA, name, 'tmp'), { recursive: true, force: true });
const tar = execFileSync(
  'tar',
  ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '-C', PLACE, '-c', 'data', 'input'],
  {
    maxBuffer: 1e9,
  },
);
const packed = zstdCompressSync(tar, {
  params: { [constants.ZSTD_c_compressionLevel]: 22, [constants.ZSTD_c_windowLog]: 27 },
});
writeFileSync(join(HERE, 'data-dir.tar.zst'), packed);

const redis = spawn('redis-server', ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', ''], {
  stdio: 'ignore',
});
try {
  const replayed = join(PLACE, 'replayed');
  cpSync(DATA, replayed, { recursive: true, preserveTimestamps: true });
  const accounting = await replay('2026-03-11 13:21:00', 'last.ndjson', {}, replayed);
  const answers = await answersBefore(replayed, 'replay', REPLAY_QUESTIONS);
  const filled = join(PLACE, 'filled');
  cpSync(DATA, filled, { recursive: true, preserveTimestamps: true });
  const demo = ingest('2026-03-11 13:31:00', filled, DEMO_ENV);
  await demo.until(() => has(demo, 'live'));
  demo.child.kill('SIGTERM');
  await demo.ended;
  const demoAnswers = await answersBefore(filled, 'demo', DEMO_QUESTIONS);
  const expected = { replay: { accounting, answers }, demo: { answers: demoAnswers } };
  writeFileSync(join(HERE, 'expected.json'), JSON.stringify(expected, null, 1) + '\n');
  console.log(`${String(packed.length)} bytes`, JSON.stringify(accounting));
  rmSync(PLACE, { recursive: true });
} finally {
  redis.kill('SIGTERM');
}
