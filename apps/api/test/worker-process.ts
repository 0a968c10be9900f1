import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './stack.js';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** A worker as it is shipped, in a process of its own. */
export class WorkerProcess {
  readonly #child: ChildProcess;

  /** Ids of the runs that it has ended, by how. */
  readonly ends: { readonly runId: string; readonly end: string }[] = [];
  #said = '';

  private constructor(child: ChildProcess) {
    this.#child = child;

    if (child.stderr === null) throw new Error('no stderr');
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#said = `${this.#said}${line}\n`.slice(-20_000);
      if (!line.includes('"a run ended"')) return;
      const { runId, end } = JSON.parse(line) as { runId: string; end: string };
      this.ends.push({ runId, end });
    });
  }

  static async start(env: Record<string, string>): Promise<WorkerProcess> {
    const worker = new WorkerProcess(
      spawn(process.execPath, ['dist/worker.js'], {
        cwd: PROJECT,
        env: { ...process.env, ...env, LOG_LEVEL: 'info' },
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    await until('the worker waits for work', () => worker.#said.includes('waiting for analyses'), 60_000);
    return worker;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get log(): string {
    return this.#said;
  }

  /** @returns the exit code, null after SIGKILL. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
    return this.#child.exitCode;
  }
}
