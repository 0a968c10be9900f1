import { cancelledError } from './connection.js';

/** Lets so many pieces of work run at once; the others wait in line. */
export class ConcurrencyLimit {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];
  #busy = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @throws AppError `CANCELLED` when the signal aborts while waiting. */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw cancelledError();
    if (this.#busy >= this.#size) await this.#turn(signal);
    else this.#busy++;
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  /** Resolves once nothing runs any more. */
  drained(): Promise<void> {
    if (this.#busy === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(cancelledError());
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(start);
    });
  }

  /** A slot passes on to the first in line, or becomes free. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#busy--;
    if (this.#busy > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}
