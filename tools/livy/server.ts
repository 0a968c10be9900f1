import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble, Unavailable } from './assemble.ts';
import { javaArguments, writeConfiguration } from './configuration.ts';
import { namespaceCommand } from './namespace.ts';
import { VERSIONS, type Manners } from './pom.ts';
import { relay } from './relay.ts';
import { sparkHome } from './spark-home.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const STAND_IN = join(HERE, '../livy-stand-in');
const START_MS = 120_000;
const STOP_MS = 30_000;

export interface ServerOptions {
  readonly manners: Manners;
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** `KEY=VALUE` with Livy's keys or `spark.*`. */
  readonly conf: readonly string[];
  /** Drivers outlive the server as Livy's do; otherwise they end with it. */
  readonly orphans: boolean;
  /** A namespace of its own for the real server, where it can be had. */
  readonly isolated: boolean;
  readonly say: (sentence: string) => void;
}

export interface RunningServer {
  readonly kind: 'real' | 'stand-in';
  readonly url: string;
  /** Settles when the server ends by itself or was stopped. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

/** Python with PySpark, installed into the cache on the first call. */
export function ensureSpark(): string {
  const { status, stdout } = spawnSync('sh', [join(HERE, 'ensure-spark.sh')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  const python = stdout.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || python === '') throw new Unavailable('Spark cannot be had here: see the lines above.');
  return python;
}

/** Makes the archive of Spark's classes where it is missing; without it sessions only start more slowly. */
export function ensureClassArchive(python: string): void {
  spawnSync(python, [join(STAND_IN, 'make_class_archive.py')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function driverOptions(python: string, conf: string): string {
  const { stdout } = spawnSync(python, [join(STAND_IN, 'class_archive.py')], { encoding: 'utf8' });
  return `${stdout.trim()} -Dlog4j2.configurationFile=${join(conf, 'log4j2.properties')}`.trim();
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

function ending(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function ready(url: string, ended: Promise<number>): Promise<void> {
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  void ended.then(() => {
    over.abort();
  });
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && !isOver()) {
    try {
      if ((await fetch(`${url}/version`, { signal: AbortSignal.timeout(5_000) })).ok) return;
    } catch {
      // not yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(isOver() ? 'The server ended before it answered.' : 'The server did not answer in time.');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // nobody of it is left
  }
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<number>,
  orphans: boolean,
  isolated = false,
): Promise<void> {
  // `unshare --fork` blocks SIGTERM: it is meant for what runs inside.
  if (isolated) signalGroup(child, 'SIGTERM');
  else child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
  if (!orphans) signalGroup(child, 'SIGKILL');
}

/** Starts `tools/livy-stand-in`. */
export async function startStandIn(options: ServerOptions): Promise<RunningServer> {
  const python = ensureSpark();
  ensureClassArchive(python);
  const port = options.port === 0 ? await freePort() : options.port;
  const args = [join(STAND_IN, 'main.py'), '--port', String(port), '--manners', options.manners];
  for (const pair of options.conf) args.push('--conf', pair);
  if (options.orphans) args.push('--orphans');
  const child = spawn(python, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const ended = ending(child);
  const server: RunningServer = {
    kind: 'stand-in',
    url: `http://127.0.0.1:${port}`,
    ended,
    stop: async () => await stopChild(child, ended, options.orphans),
  };
  return await untilReady(server);
}

/**
 * Assembles and starts Apache Livy.
 *
 * @throws {@link Unavailable} where it cannot be assembled
 */
export async function startReal(options: ServerOptions): Promise<RunningServer> {
  const home = await assemble(VERSIONS[options.manners], options.say);
  const python = ensureSpark();
  const spark = spawnSync(python, ['-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'], {
    encoding: 'utf8',
  }).stdout.trim();
  const port = options.port === 0 ? await freePort() : options.port;
  const work = mkdtempSync(join(tmpdir(), 'livy-'));
  const conf = join(work, 'conf');
  ensureClassArchive(python);
  writeConfiguration(conf, port, [`spark.driver.defaultJavaOptions=${driverOptions(python, conf)}`, ...options.conf]);
  // Its request log does not make the folder.
  const logs = join(work, 'logs');
  mkdirSync(logs);

  const namespace = options.isolated ? namespaceCommand() : undefined;
  if (options.isolated && namespace === undefined)
    options.say('No network namespace can be had: the RPC ports of Livy and its drivers listen on every interface.');
  const socket = join(work, 'http.sock');
  const java = ['java', ...javaArguments(home, conf)];
  const inside =
    namespace === undefined
      ? java
      : [...namespace, process.execPath, join(HERE, 'inside.ts'), socket, String(port), ...java];
  const [command = 'java', ...args] = inside;
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    cwd: work,
    env: {
      ...process.env,
      LIVY_HOME: home,
      LIVY_CONF_DIR: conf,
      LIVY_LOG_DIR: logs,
      SPARK_HOME: sparkHome(join(work, 'spark'), spark),
      SPARK_CONF_DIR: conf,
      SPARK_LOCAL_IP: '127.0.0.1',
      SPARK_LAUNCHER_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      PYSPARK_PYTHON: python,
      PYSPARK_DRIVER_PYTHON: python,
    },
  });
  const ended = ending(child);
  const door = namespace === undefined ? undefined : await relay({ host: '127.0.0.1', port }, { path: socket });
  return await untilReady({
    kind: 'real',
    url: `http://127.0.0.1:${port}`,
    ended,
    stop: async () => {
      await stopChild(child, ended, options.orphans && namespace === undefined, namespace !== undefined);
      door?.close();
      rmSync(work, { recursive: true, force: true });
    },
  });
}

async function untilReady(server: RunningServer): Promise<RunningServer> {
  try {
    await ready(server.url, server.ended);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
