import { spawnSync } from 'node:child_process';

// The process that reads the lake. Its speed depends on the machine. Paused or slowed down, it leaves time to look at states
// that would pass in moments.

const RUN_MS = 8;
const REST_MS = 72;

function workerPid(): number {
  const stack = process.env['STACK_PID'] ?? '';
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const found = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((row) => row?.[2] === stack && row[3]?.includes('worker.js') === true);
  if (found.length !== 1) throw new Error(`STACK_PID must name the start of a running dashboard, not "${stack}".`);
  return Number(found[0]?.[1]);
}

export class Worker {
  readonly #pid = workerPid();
  #timer: NodeJS.Timeout | undefined;

  /** The process stands still until it is resumed. */
  pause(): void {
    clearTimeout(this.#timer);
    process.kill(this.#pid, 'SIGSTOP');
  }

  /** The process runs for a tenth of the time. */
  slow(): void {
    clearTimeout(this.#timer);
    const run = (): void => {
      process.kill(this.#pid, 'SIGCONT');
      this.#timer = setTimeout(rest, RUN_MS);
    };
    const rest = (): void => {
      process.kill(this.#pid, 'SIGSTOP');
      this.#timer = setTimeout(run, REST_MS);
    };
    run();
  }

  resume(): void {
    clearTimeout(this.#timer);
    process.kill(this.#pid, 'SIGCONT');
  }
}
