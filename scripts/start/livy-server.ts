import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { assemble, Unavailable } from '../../tools/livy/assemble.ts';
import { VERSIONS } from '../../tools/livy/pom.ts';
import { startReal, startStandIn, type RunningServer, type ServerOptions } from '../../tools/livy/server.ts';
import type { LivyMessage } from './livy.ts';
import { ROOT } from './root.ts';

// The Livy of `npm start -- --engine cluster`: as `npm run livy`, but under the supervisor, which it tells how far it is.
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const MANNERS = '0.9';

function tell(message: LivyMessage): void {
  process.send?.(message);
}
const say = (sentence: string): void => tell({ say: sentence });

const options: ServerOptions = {
  manners: MANNERS,
  port: Number(values.port),
  conf: ['livy.spark.master=local[*]', 'spark.driver.memory=1g'],
  orphans: false,
  isolated: true,
  say,
};

let installing: ChildProcess | undefined;
let server: RunningServer | undefined;
let starting = false;
let stopping = false;

const isStopping = (): boolean => stopping;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (installing?.pid !== undefined) process.kill(-installing.pid, 'SIGTERM');
  // A server that is on its way is stopped once it is there.
  if (starting) return;
  await server?.stop();
  process.exit(0);
}

/** Spark first, in a way that can be interrupted: the first time it takes minutes. */
async function installSpark(): Promise<void> {
  const child = spawn('sh', [join(ROOT, 'tools/livy/ensure-spark.sh')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  installing = child;
  let last = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    console.error(line);
    last = line;
    if (line.startsWith('Installing')) say(line);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', resolve);
  });
  installing = undefined;
  if (code !== 0) throw new Unavailable(`Spark cannot be had here. ${last}`);
}

async function canBeReal(): Promise<boolean> {
  try {
    await assemble(VERSIONS[MANNERS], say);
    return true;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`${error.message} The stand-in takes its place.`);
    return false;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => void stop());

try {
  await installSpark();
  const real = await canBeReal();
  starting = true;
  say('Starting Livy ...');
  server = await (real ? startReal(options) : startStandIn(options));
  starting = false;
  if (isStopping()) {
    await server.stop();
    process.exit(0);
  }
  tell({ ready: { url: server.url, kind: server.kind, version: VERSIONS[MANNERS] } });
  process.exitCode = await server.ended;
  await server.stop();
} catch (error) {
  if (isStopping()) process.exit(0);
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof Unavailable ? 2 : 1);
}
// The channel to the supervisor would keep a process without a server alive.
process.disconnect?.();
