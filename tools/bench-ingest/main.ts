// How fast the ingestor takes posts: generated, distinct, uncompressed v1.1 lines through the replay source to durable
// Parquet, every fsync on, as the process that runs in production (after `tsc --build apps/ingestor/tsconfig.app.json`).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createReadStream, createWriteStream, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { readIngestorEvent } from '@analytica/domain/contracts';
import { BlueskyLines } from '../generate/bluesky-lines.ts';
import { TweetLines } from './generate.ts';
import { benchLive, type LiveFigures } from './live.ts';
import { AS_FAST_AS_IT_CAN, isLiveSource } from './live-servers.ts';
import { cpuSeconds, peakRssMiB, rounded } from './process-figures.ts';

const USAGE = `npm run bench:ingest -- [options]

  --posts N         how many posts (200000)
  --folder DIR      where its files are written (the system's folder for temporary files)
  --shape bluesky   Jetstream events instead of v1.1 lines
  --reposts SHARE   with it, the share of reposts (0.4)
  --live SOURCE     from a server on this machine: v1, v2 (Jetstream, for Bluesky) or x (the filtered stream of X)
  --rate N          with it, posts a second that the server gives (as fast as it can); tells how long each takes to the disk`;
const MIB = 1024 * 1024;
const ENTRY = join(import.meta.dirname, '../../apps/ingestor/dist/main.js');

interface Figures {
  readonly seconds: number;
  readonly peakRssMiB: number | null;
  /** Of all threads; tells more than `seconds` where other programs share the cores. */
  readonly cpuSeconds: number | null;
  readonly stored: number;
  readonly parquetMiB: number;
}

async function generate(path: string, posts: number, line: (n: number) => string): Promise<void> {
  const file = createWriteStream(path);
  for (let n = 0; n < posts; n += 500) {
    const chunk = Array.from({ length: Math.min(500, posts - n) }, (_, index) => line(n + index) + '\n').join('');
    if (!file.write(chunk)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

function tweetLine(): (n: number) => string {
  const lines = new TweetLines();
  return (n) => lines.line(n);
}

function blueskyLine(reposts: number): () => string {
  const lines = new BlueskyLines(7, { reposts, reach: 200_000 });
  return () => lines.line();
}

/** The least that any JavaScript program must do to bring the same lines safely to disk. */
async function baseline(path: string, target: string): Promise<number> {
  const began = performance.now();
  const out = openSync(target, 'w');
  let chunk: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path, { highWaterMark: MIB }) })) {
    chunk.push(JSON.stringify(JSON.parse(line)) + '\n');
    if (chunk.length === 500) {
      writeSync(out, chunk.join(''));
      chunk = [];
    }
  }
  writeSync(out, chunk.join(''));
  fsyncSync(out);
  closeSync(out);
  return (performance.now() - began) / 1000;
}

async function ingest(path: string, dataDir: string): Promise<Figures> {
  const began = performance.now();
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      DATA_DIR: dataDir,
      INGEST_SOURCES: 'replay',
      REPLAY_FILES: path,
      REDIS_URL: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peak: number | null = null;
  const sampling = setInterval(() => (peak = peakRssMiB(child.pid) ?? peak), 200);
  let figures: Figures | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = readIngestorEvent(line);
    if (event?.event === 'fatal') throw new Error(event.message);
    if (event?.event !== 'replay-done') continue;
    const seconds = (performance.now() - began) / 1000;
    peak = peakRssMiB(child.pid) ?? peak;
    figures = {
      seconds,
      peakRssMiB: peak,
      cpuSeconds: cpuSeconds(child.pid),
      stored: event.accounting.stored,
      parquetMiB: parquetMiB(dataDir),
    };
    child.kill('SIGTERM');
  }
  clearInterval(sampling);
  if (figures === null) throw new Error('The ingestor ended before the replay did.');
  return figures;
}

function parquetMiB(dataDir: string): number {
  const manifest = JSON.parse(readFileSync(join(dataDir, 'lake/manifest.json'), 'utf8')) as {
    files: { bytes: number }[];
  };
  return manifest.files.reduce((sum, file) => sum + file.bytes, 0) / MIB;
}

function printLive(figures: LiveFigures): void {
  const { postsPerSecond, latency, secondsToParquet, peakRssMiB: peak, baselinePostsPerSecond: baseline } = figures;
  const timesBaseline = rounded(baseline / postsPerSecond, 2);
  console.log(`Live             ${postsPerSecond.toLocaleString('en')} posts/s, every one durable`);
  if (latency !== null)
    console.log(`Server to disk   ${latency.p50} ms (median), ${latency.p99} ms (p99), ${latency.max} ms (worst)`);
  console.log(`Parquet          all of them after ${secondsToParquet} s`);
  console.log(
    `CPU, memory      ${String(figures.cpuSeconds)} s of all threads together, ${String(peak)} MiB resident at most`,
  );
  console.log(
    `Baseline         ${baseline.toLocaleString('en')} posts/s: a client of the same server that parses each and writes it to a file, one fsync;`,
  );
  console.log(
    `                 the ingestor takes ${String(timesBaseline)} times as long, on ${String(cpus().length)} cores`,
  );
  console.log(JSON.stringify({ ...figures, timesBaseline, cores: cpus().length, node: process.version }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      posts: { type: 'string', default: '200000' },
      folder: { type: 'string', default: tmpdir() },
      shape: { type: 'string', default: 'x' },
      reposts: { type: 'string', default: '0.4' },
      live: { type: 'string' },
      rate: { type: 'string', default: String(AS_FAST_AS_IT_CAN) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const posts = Number(values.posts);
  if (!Number.isInteger(posts) || posts < 1) throw new Error('--posts takes a whole number above 0.');
  if (values.live !== undefined && !isLiveSource(values.live)) throw new Error('--live takes v1, v2 or x.');
  const scratch = await mkdtemp(join(values.folder, 'bench-ingest-'));
  try {
    if (values.live !== undefined) {
      printLive(await benchLive(values.live, posts, Number(values.rate), scratch));
      return;
    }
    const path = join(scratch, 'posts.ndjson');
    const isBluesky = values.shape === 'bluesky';
    const shape = isBluesky ? 'Jetstream events' : 'v1.1 lines';
    console.log(`Generating ${posts.toLocaleString('en')} distinct ${shape} (not timed) ...`);
    await generate(path, posts, isBluesky ? blueskyLine(Number(values.reposts)) : tweetLine());
    const mib = (await stat(path)).size / MIB;
    const base = await baseline(path, join(scratch, 'baseline.ndjson'));
    const { seconds, peakRssMiB, cpuSeconds, stored, parquetMiB } = await ingest(path, join(scratch, 'data'));
    if (isBluesky ? stored > posts : stored !== posts)
      throw new Error(`${stored.toLocaleString('en')} posts stored instead of ${String(posts)}.`);
    const figures = {
      posts,
      bytesPerLine: Math.round((mib * MIB) / posts),
      seconds: rounded(seconds, 2),
      postsPerSecond: Math.round(posts / seconds),
      mibPerSecond: rounded(mib / seconds),
      peakRssMiB,
      cpuSeconds,
      parquetMiB: rounded(parquetMiB),
      baselineSeconds: rounded(base, 2),
      baselinePostsPerSecond: Math.round(posts / base),
      timesBaseline: rounded(seconds / base, 2),
      cores: cpus().length,
      node: process.version,
    };
    console.log(
      `Lines            ${figures.bytesPerLine.toLocaleString('en')} bytes each, ${mib.toFixed(0)} MiB in all`,
    );
    console.log(
      `Ingestor         ${figures.postsPerSecond.toLocaleString('en')} posts/s, ${String(figures.mibPerSecond)} MiB/s: ` +
        `process start to the last post in Parquet, fsync on, ${String(figures.seconds)} s; ${String(figures.parquetMiB)} MiB of Parquet`,
    );
    console.log(`CPU              ${String(cpuSeconds)} s of all threads together`);
    console.log(`Peak memory      ${String(peakRssMiB)} MiB resident`);
    console.log(
      `Baseline         ${figures.baselinePostsPerSecond.toLocaleString('en')} posts/s: JSON.parse + JSON.stringify of the same lines to a file, one fsync`,
    );
    console.log(
      `                 the ingestor takes ${String(figures.timesBaseline)} times as long, on ${String(figures.cores)} cores`,
    );
    console.log(JSON.stringify(figures));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
