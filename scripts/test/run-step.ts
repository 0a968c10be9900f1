import { spawn } from 'node:child_process';
import { ROOT } from '../start/root.ts';

interface StepOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command with its output shown; resolves to its exit code. */
export async function runStep(command: string, args: readonly string[], options: StepOptions = {}): Promise<number> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NX_DAEMON: 'false', ...options.env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
