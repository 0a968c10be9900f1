import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** Sources name each other as they are called once they are built. */
const HOOK = `import { registerHooks } from 'node:module';
registerHooks({ resolve(name, context, next) {
  try { return next(name, context); } catch (error) {
    if (!name.endsWith('.js')) throw error;
    return next(name.slice(0, -3) + '.ts', context);
  }
} });`;

export interface Child {
  readonly process: ChildProcess;
  /** What it wrote, a line of JSON each. */
  readonly lines: unknown[];
  /** @throws Error with what it wrote on stderr, unless it ended well or by a signal. */
  readonly ended: Promise<void>;
}

/** Runs a script of this folder from its source in a process of its own. */
export function startChild(script: string, task: unknown): Child {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@analytica/source',
      `--import=data:text/javascript,${encodeURIComponent(HOOK)}`,
      join(import.meta.dirname, script),
      JSON.stringify(task),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines: unknown[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = new Promise<void>((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (code === 0 || signal !== null) resolve();
      else reject(new Error(complaint));
    });
  });
  return { process: child, lines, ended };
}
