import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Builds the library, which the pool's second process imports as others would, and sees to a Redis. */
export async function setup(): Promise<() => void> {
  if (!process.env['LIVY_URL']) throw new Error('LIVY_URL names the server to test: `npm run test:livy` sets it');
  const root = join(import.meta.dirname, '../../..');
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['--build', join(root, 'libs/livy/tsconfig.lib.json')]);
  if (process.env['TEST_REDIS_URL']) return () => undefined;
  const port = await freePort();
  const redis: ChildProcess = spawn(
    'redis-server',
    ['--port', String(port), '--save', '', '--bind', '127.0.0.1', '--daemonize', 'no'],
    { stdio: 'ignore' },
  );
  await new Promise((resolve, reject) => {
    redis.once('error', () => reject(new Error('set TEST_REDIS_URL, or install redis-server')));
    redis.once('spawn', resolve);
  });
  process.env['TEST_REDIS_URL'] = `redis://127.0.0.1:${String(port)}`;
  return () => redis.kill();
}
