import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../start/preflight.ts';
import { ROOT } from '../start/root.ts';

/**
 * Starts the whole product in a folder of its own, runs `work` once the named event was reported, and stops it again.
 * @param env - added to the environment.
 */
export async function withStack<T>(
  args: readonly string[],
  event: string,
  work: (url: string, pid: number) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stack-'));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['scripts/start.ts', '--events', '--port', String(port), '--data-dir', dataDir, ...args],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let url = '';
  const reached = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const report = JSON.parse(line) as { event: string; url?: string; message?: string };
      if (report.event === 'ready') url = report.url ?? '';
      if (report.event === 'message') console.log(report.message);
      if (report.event === event) resolve();
    });
    void exited.then(() => reject(new Error('The product stopped before it was ready.')));
  });
  try {
    await reached;
    return await work(url, child.pid ?? 0);
  } finally {
    child.kill('SIGTERM');
    await exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
}
