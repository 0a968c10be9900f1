import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freePort, testEnv } from './stack.js';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs a process; `stopWhen` says when to send SIGTERM. */
async function run(script: string, env: Record<string, string>, stopWhen?: () => Promise<boolean>): Promise<Ended> {
  const child = spawn(process.execPath, [`dist/${script}`], { cwd: PROJECT, env: { ...process.env, ...env } });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let startedAt = Date.now();
  if (stopWhen !== undefined) {
    while (child.exitCode === null && !(await stopWhen().catch(() => false))) await sleep(50);
    startedAt = Date.now();
    child.kill('SIGTERM');
  }
  const code = await ended;
  return { code, stderr, ms: Date.now() - startedAt };
}

async function listening(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${String(port)}/health/live`)).ok;
}

describe('the processes', () => {
  it.each(['main.js', 'worker.js'])('%s: a bad value is one sentence and exit code 2', async (script) => {
    const { code, stderr } = await run(script, testEnv('/nowhere', { WORKER_CONCURRENCY: 'many' }));
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(/^WORKER_CONCURRENCY=many is not usable: [^\n]+$/);
  });

  it('main.js: a port in use is one sentence and exit code 2', async () => {
    const blocker: Server = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve));
    const { code, stderr } = await run('main.js', testEnv('/nowhere', { PORT: String(port) }));
    blocker.close();
    expect(code).toBe(2);
    expect(stderr.trim()).toBe(
      `Port ${String(port)} is already in use. Stop what uses it, or choose another with PORT.`,
    );
  });

  it('main.js: stops cleanly on SIGTERM', async () => {
    const port = await freePort();
    const { code, ms } = await run('main.js', testEnv('/nowhere', { PORT: String(port) }), () => listening(port));
    expect(code).toBe(0);
    expect(ms).toBeLessThan(60_000);
  });

  it('worker.js: has health and metrics, and stops cleanly on SIGTERM', async () => {
    const port = await freePort();
    let metrics = '';
    const dataDir = join(ROOT, 'node_modules', '.cache', 'analytica-worker-test');
    const { code, ms } = await run('worker.js', testEnv(dataDir, { WORKER_HEALTH_PORT: String(port) }), async () => {
      if (!(await listening(port))) return false;
      metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
      return true;
    });
    expect(metrics).toMatch(/^analytica_runs_running\{engine="embedded"\} 0$/m);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(60_000);
  });
});
