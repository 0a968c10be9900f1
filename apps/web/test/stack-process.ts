import { spawnSync } from 'node:child_process';

/** A process that the start of the running dashboard has started. */
export class ProcessOfStack {
  readonly #pid: number;

  /** @param script - in its command line. */
  constructor(script: string) {
    const stack = process.env['STACK_PID'] ?? '';
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
    const found = stdout
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .filter((row) => row?.[2] === stack && row[3]?.includes(script) === true);
    if (found.length !== 1) throw new Error(`STACK_PID must name the start of a running dashboard, not "${stack}".`);
    this.#pid = Number(found[0]?.[1]);
  }

  /** The process stands still until it is resumed. */
  pause(): void {
    process.kill(this.#pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.#pid, 'SIGCONT');
  }
}
