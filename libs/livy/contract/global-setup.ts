import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { livyUrl, redisUrl, setRedisUrl } from './config.js';

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
  livyUrl();
  const root = join(import.meta.dirname, '../../..');
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['--build', join(root, 'libs/livy/tsconfig.lib.json')]);
  if (redisUrl()) return () => undefined;
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
  setRedisUrl(`redis://127.0.0.1:${String(port)}`);
  return () => redis.kill();
}
