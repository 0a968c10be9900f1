import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../start/preflight.ts';
import { ensureServer } from '../start/redis.ts';

/** Runs `work` with a private Redis in memory, installed where missing. */
export async function withRedis<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await ensureServer((sentence) => console.log(sentence));
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'test-redis-'));
  const child = spawn(
    server,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--maxmemory-policy', 'noeviction'],
    {
      stdio: 'ignore',
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    return await work(`redis://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  }
}
