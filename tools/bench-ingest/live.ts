// How fast the ingestor takes posts from a live source, and how long a post takes from the server to the disk: Bluesky by a
// Jetstream double on this machine, every fsync on, as the process that runs in production. Linux only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '@analytica/lake';
import type { Durable } from './report-durable.ts';

const INGESTOR = join(import.meta.dirname, '../../apps/ingestor');
const DOUBLE = join(INGESTOR, 'test/doubles/jetstream-main.ts');
const PORT = 36_411;
const PATHS = { v1: '/subscribe', v2: '/xrpc/network.bsky.jetstream.subscribeEvents' } as const;
const POST = Buffer.from('{"kind":"post",');
const CREATED_AT = /"created_at":"([^"]+)"/;

export interface LiveFigures {
  readonly posts: number;
  readonly postsPerSecond: number;
  /**
   * From the moment at which the server published a post to the moment at which it was durable, ms. Without those that came while
   * the process was still starting: before the first write.
   */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  /** From the first durable post until all of them are in Parquet. */
  readonly secondsToParquet: number;
}

/**
 * @param rate - posts a second that the server publishes.
 * @param dataDir - an empty folder.
 */
export async function benchLive(
  protocol: keyof typeof PATHS,
  posts: number,
  rate: number,
  dataDir: string,
): Promise<LiveFigures> {
  const server = spawn(process.execPath, [
    ...[DOUBLE, '--port', String(PORT), '--rate', String(rate), '--count', String(posts)],
    ...['--only-posts', '--wait', '--quiet'],
  ]);
  const ingestor = startIngestor(dataDir, `ws://127.0.0.1:${PORT}${PATHS[protocol]}`);
  const durable = new DurablePosts();
  ingestor.on('message', (message) => durable.note(message as Durable));
  try {
    await until(ingestor, () => durable.count >= posts);
    const { postsPerSecond, firstAt } = durable;
    await until(ingestor, async () => (await rowsIn(join(dataDir, 'lake'))) >= posts);
    const secondsToParquet = (Date.now() - firstAt) / 1000;
    return { posts, postsPerSecond, latency: durable.percentiles(), secondsToParquet };
  } finally {
    server.kill('SIGTERM');
    await stopped(ingestor);
  }
}

function startIngestor(dataDir: string, url: string): ChildProcess {
  const preload = join(import.meta.dirname, 'report-durable.ts');
  return spawn(process.execPath, ['--import', preload, join(INGESTOR, 'dist/main.js')], {
    env: {
      ...{ DATA_DIR: dataDir, INGEST_SOURCES: 'bluesky', BLUESKY_JETSTREAM_URL: url, BLUESKY_HANDLES: 'off' },
      ...{ REDIS_URL: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:1', LOG_LEVEL: 'error' },
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** The posts of the log as they become durable. */
class DurablePosts {
  count = 0;
  firstAt = 0;
  readonly #latencies: number[] = [];
  #firstCount = 0;
  #lastAt = 0;
  readonly #read = new Map<string, number>();

  note({ path, size, at }: Durable): void {
    if (!path.endsWith('.ndjson')) return;
    const from = this.#read.get(path) ?? 0;
    if (size <= from) return;
    this.#read.set(path, size);
    const times = createdAtIn(path, from, size);
    this.count += times.length;
    if (times.length === 0) return;
    if (this.firstAt === 0) [this.firstAt, this.#firstCount] = [at, this.count];
    for (const createdAt of times) if (createdAt >= this.firstAt) this.#latencies.push(at - createdAt);
    this.#lastAt = at;
  }

  /** Without the first write, before which the process was starting. */
  get postsPerSecond(): number {
    return (1000 * (this.count - this.#firstCount)) / (this.#lastAt - this.firstAt);
  }

  percentiles(): LiveFigures['latency'] {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}

function createdAtIn(path: string, from: number, to: number): readonly number[] {
  const bytes = Buffer.alloc(to - from);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // A segment that is in the lake already.
    return [];
  }
  readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
  const times: number[] = [];
  for (let start = 0, end = bytes.indexOf(0x0a); end >= 0; start = end + 1, end = bytes.indexOf(0x0a, start)) {
    if (bytes.compare(POST, 0, POST.length, start, start + POST.length) !== 0) continue;
    // It stands near the beginning of the line.
    const createdAt = CREATED_AT.exec(bytes.toString('latin1', start, Math.min(end, start + 300)))?.[1];
    if (createdAt !== undefined) times.push(Date.parse(createdAt));
  }
  return times;
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
