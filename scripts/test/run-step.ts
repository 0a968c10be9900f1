import { AsyncLocalStorage } from 'node:async_hooks';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../start/root.ts';

interface StepOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The file that takes the output of what runs beside something else. */
const output = new AsyncLocalStorage<number>();

/** Shows what `work` prints, and what the commands that it runs print, in one piece once it has ended. */
export async function inOnePiece<T>(work: () => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'output-'));
  const path = join(folder, 'output');
  const file = openSync(path, 'a');
  try {
    return await output.run(file, work);
  } finally {
    closeSync(file);
    process.stdout.write(readFileSync(path));
    rmSync(folder, { recursive: true, force: true });
  }
}

export function say(line: string): void {
  const file = output.getStore();
  if (file === undefined) console.log(line);
  else writeSync(file, `${line}\n`);
}

const LAST_CHARS = 4_000;

/** Runs a command with its output shown; resolves to its exit code. */
export async function runStep(command: string, args: readonly string[], options: StepOptions = {}): Promise<number> {
  const shown = output.getStore() ?? 'inherit';
  return await exitCode(start(command, args, options, shown));
}

/** The same, for a command that says nothing to a report: resolves to the end of its output too. */
export async function runStepTold(command: string, args: readonly string[]): Promise<{ code: number; last: string }> {
  const file = output.getStore() ?? process.stdout.fd;
  const child = start(command, args, {}, 'pipe');
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-LAST_CHARS);
      writeSync(file, text);
    });
  }
  return { code: await exitCode(child), last };
}

function start(
  command: string,
  args: readonly string[],
  options: StepOptions,
  shown: number | 'inherit' | 'pipe',
): ChildProcess {
  return spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, NX_DAEMON: 'false', ...options.env },
    stdio: ['ignore', shown, shown],
  });
}

async function exitCode(child: ChildProcess): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
