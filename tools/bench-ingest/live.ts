// How fast the ingestor takes posts from a live source, and how long a post takes from the server to the disk: from a double of the
// platform on this machine, every fsync on, as the process that runs in production. Linux only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '@analytica/lake';
import { DurablePosts, type Latency } from './durable-posts.ts';
import { AS_FAST_AS_IT_CAN, clientAlone, LIVE_SERVERS, type LiveSource, startServer } from './live-servers.ts';
import { cpuSeconds, peakRssMiB, rounded } from './process-figures.ts';
import type { Durable } from './report-durable.ts';

const ENTRY = join(import.meta.dirname, '../../apps/ingestor/dist/main.js');

export interface LiveFigures {
  readonly source: LiveSource;
  readonly posts: number;
  /** That the server was asked for, a second. */
  readonly rate: number;
  readonly postsPerSecond: number;
  /** Null where posts came as fast as they could: they waited for others then, and were made before. */
  readonly latency: Latency | null;
  /** From the first durable post until all of them are in Parquet. */
  readonly secondsToParquet: number;
  readonly peakRssMiB: number | null;
  readonly cpuSeconds: number | null;
  /** Of a client that only writes what the same server gives to a file. */
  readonly baselinePostsPerSecond: number;
}

/**
 * @param rate - posts a second that the server publishes.
 * @param scratch - an empty folder.
 */
export async function benchLive(
  source: LiveSource,
  posts: number,
  rate: number,
  scratch: string,
): Promise<LiveFigures> {
  const baseline = await clientAlone(LIVE_SERVERS[source], posts, join(scratch, 'baseline.ndjson'));
  const dataDir = join(scratch, 'data');
  const server = startServer(LIVE_SERVERS[source], posts, rate);
  const ingestor = startIngestor(dataDir, LIVE_SERVERS[source].env);
  const durable = new DurablePosts();
  ingestor.on('message', (message) => durable.note(message as Durable));
  try {
    await until(ingestor, () => durable.count >= posts);
    const { postsPerSecond, firstAt } = durable;
    await until(ingestor, async () => (await rowsIn(join(dataDir, 'lake'))) >= posts);
    return {
      ...{
        source,
        posts,
        rate,
        postsPerSecond: Math.round(postsPerSecond),
        latency: rate < AS_FAST_AS_IT_CAN ? durable.latency() : null,
      },
      secondsToParquet: rounded((Date.now() - firstAt) / 1000),
      peakRssMiB: peakRssMiB(ingestor.pid),
      cpuSeconds: cpuSeconds(ingestor.pid),
      baselinePostsPerSecond: Math.round(baseline),
    };
  } finally {
    server.kill('SIGTERM');
    await stopped(ingestor);
  }
}

function startIngestor(dataDir: string, env: Readonly<Record<string, string>>): ChildProcess {
  const preload = join(import.meta.dirname, 'report-durable.ts');
  return spawn(process.execPath, ['--import', preload, ENTRY], {
    env: {
      ...{ DATA_DIR: dataDir, REDIS_URL: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:1', LOG_LEVEL: 'error' },
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function rowsIn(root: string): Promise<number> {
  const manifest = await readManifest(root).catch(() => null);
  return manifest?.files.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function until(child: ChildProcess, isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    if (child.exitCode !== null) throw new Error(`The ingestor ended with exit code ${child.exitCode}.`);
    await sleep(20);
  }
}
