import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { livyUrl, serverOptions, setLivyUrl } from './config.js';

const START_MS = 300_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  return await fetch(`${url}/version`, { signal: AbortSignal.timeout(5_000) }).then(
    (reply) => reply.ok,
    () => false,
  );
}

/** Vitest's global setup: LIVY_URL as it is, else a stand-in of its own, whose manners LIVY_MANNERS chooses. */
export async function setup(): Promise<() => Promise<void>> {
  if (livyUrl() !== undefined) return () => Promise.resolve();
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const script = join(import.meta.dirname, '../../../scripts/livy.ts');
  const { manners, conf } = serverOptions();
  const args = ['--kind', 'stand-in', '--manners', manners, '--port', port];
  for (const pair of conf) args.push('--conf', pair);
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill();
      throw new Error(`the stand-in for Livy did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  setLivyUrl(url);
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
