import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './preflight.ts';
import type { Reporter } from './reporter.ts';
import { ROOT } from './root.ts';

const STAMP = join(ROOT, 'node_modules/.built');
const RESULTS = ['apps/api/dist/main.js', 'apps/ingestor/dist/main.js', 'apps/web/dist/browser/index.html'];
const IGNORED = new Set(['dist', 'out-tsc', 'node_modules', 'test', 'test-output', '.angular']);

/** Size and time of every source file: enough to know that nothing changed, and much quicker than asking Nx. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!IGNORED.has(entry.name)) visit(path);
      } else if (!entry.name.endsWith('.spec.ts')) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  visit(join(ROOT, 'apps'));
  visit(join(ROOT, 'libs'));
  hash.update(readFileSync(join(ROOT, 'package-lock.json')));
  return hash.digest('hex');
}

/** Builds what changed since the last start. */
export async function buildWorkspace(reporter: Reporter, signal: AbortSignal): Promise<void> {
  const now = fingerprint();
  const built =
    existsSync(STAMP) && readFileSync(STAMP, 'utf8') === now && RESULTS.every((file) => existsSync(join(ROOT, file)));
  if (built) return;
  reporter.say('Building what changed (about a minute the first time) ...');
  const output: string[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('npx', ['nx', 'run-many', '-t', 'build', '--output-style=static', '--parallel=2'], {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.once('error', (error) => (signal.aborted ? resolve(0) : reject(error)));
    child.once('exit', resolve);
  });
  if (signal.aborted) return;
  if (code !== 0) {
    console.error(output.join('').split('\n').slice(-60).join('\n'));
    throw new StartError('the build failed; the lines above say where.');
  }
  mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
  writeFileSync(STAMP, fingerprint());
}
