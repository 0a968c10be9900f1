import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { freePort, StartError } from './preflight.ts';
import type { Reporter } from './reporter.ts';
import type { Supervisor } from './supervisor.ts';

export interface RedisHandle {
  readonly url: string;
  readonly prefix: string;
}

interface RedisOptions {
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly dataDir: string;
}

const SERVERS = ['redis-server', 'valkey-server'];
const HOW_TO_GET_ONE =
  'no Redis was found. Install one (Debian or Ubuntu: sudo apt-get install redis-server; macOS: brew install redis), ' +
  'or give the address of a running one: npm start -- --redis-url redis://HOST:6379';

/** The first Redis server on PATH, or undefined. */
export function findServer(path = process.env['PATH'] ?? ''): string | undefined {
  for (const folder of [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']) {
    for (const name of SERVERS) if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

function runQuietly(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Finds a Redis server, or installs it by apt where that needs no password; otherwise says what to do. */
export async function ensureServer(announce: (sentence: string) => void): Promise<string> {
  const found = findServer();
  if (found !== undefined) return found;
  const isRoot = process.getuid?.() === 0;
  const sudo = !isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!hasApt || (!isRoot && !sudo)) throw new StartError(HOW_TO_GET_ONE);
  announce('Installing Redis (apt-get install redis-server) ...');
  const apt = async (...args: string[]) =>
    await (isRoot ? runQuietly('apt-get', args) : runQuietly('sudo', ['-n', 'apt-get', ...args]));
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', 'redis-server');
  const installed = findServer();
  if (installed === undefined) throw new StartError(HOW_TO_GET_ONE);
  return installed;
}

async function ping(url: string): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 3_000,
  });
  client.on('error', () => undefined); // the rejected call below carries the reason
  try {
    await client.connect();
    return await client.info('server');
  } finally {
    client.disconnect();
  }
}

/** The address of one server; of a Redis Cluster (`redis+cluster://HOST:PORT,HOST:PORT`) that of its first node. */
function firstNode(url: string): string {
  const [whole, tls = '', credentials = '', node = ''] = /^redis(s?)\+cluster:\/\/(.*@)?([^,/]+)/.exec(url) ?? [];
  return whole === undefined ? url : `redis${tls}://${credentials}${node}`;
}

async function useGiven(options: RedisOptions): Promise<RedisHandle> {
  try {
    await ping(firstNode(options.redisUrl));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `the Redis at REDIS_URL does not answer (${reason}). Start it, correct --redis-url, or leave it out to get a private one.`,
    );
  }
  // Others may use the same server: keys get a prefix that belongs to this data folder.
  const own = createHash('sha256').update(realpathSync(options.dataDir)).digest('hex').slice(0, 8);
  return { url: options.redisUrl, prefix: options.redisPrefix === '' ? `ta-${own}:` : options.redisPrefix };
}

/** A Redis for this start: the given one, one left over from a start that was killed, or a private one with its data in DATA_DIR/redis. */
export async function startRedis(
  options: RedisOptions,
  supervisor: Supervisor,
  reporter: Reporter,
): Promise<RedisHandle> {
  if (options.redisUrl !== '') return await useGiven(options);
  const prefix = options.redisPrefix === '' ? 'ta:' : options.redisPrefix;
  const folder = join(options.dataDir, 'redis');
  const addressFile = join(folder, 'address');
  mkdirSync(folder, { recursive: true });
  if (existsSync(addressFile)) {
    const url = readFileSync(addressFile, 'utf8').trim();
    const pid = Number(/process_id:(\d+)/.exec(await ping(url).catch(() => ''))?.[1]);
    if (Number.isInteger(pid) && (await isServing(url, folder))) {
      supervisor.adopt('redis', pid);
      return { url, prefix };
    }
    rmSync(addressFile);
  }
  const server = await ensureServer((sentence) => reporter.say(sentence));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  supervisor.spawn('redis', server, [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no', '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction', '--tcp-backlog', '128'],
  ]);
  for (let attempt = 0; ; attempt++) {
    const answer = await ping(url).catch((error: unknown) => error);
    if (typeof answer === 'string' && !answer.includes('loading:1')) break;
    if (attempt === 600)
      throw new StartError(`the private Redis did not start; its log is ${supervisor.logFile('redis')}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  writeFileSync(addressFile, `${url}\n`);
  return { url, prefix };
}

async function isServing(url: string, folder: string): Promise<boolean> {
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    const reply = await client.config('GET', 'dir');
    return Array.isArray(reply) && reply[1] === realpathSync(folder);
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
