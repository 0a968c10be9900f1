import { ProcessOfStack } from './stack-process.ts';

// The process that reads the lake. Its speed depends on the machine. Paused or slowed down, it leaves time to look at states
// that would pass in moments.

const RUN_MS = 8;
const REST_MS = 72;

export class Worker {
  readonly #process = new ProcessOfStack('worker.js');
  #timer: NodeJS.Timeout | undefined;

  /** The process stands still until it is resumed. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#process.pause();
  }

  /** The process runs for a tenth of the time. */
  slow(): void {
    clearTimeout(this.#timer);
    const run = (): void => {
      this.#process.resume();
      this.#timer = setTimeout(rest, RUN_MS);
    };
    const rest = (): void => {
      this.#process.pause();
      this.#timer = setTimeout(run, REST_MS);
    };
    run();
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#process.resume();
  }
}
