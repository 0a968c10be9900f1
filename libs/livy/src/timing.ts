import { LivyError } from './errors.js';

/**
 * Resolves after `ms`.
 * @throws the signal's reason as soon as it is aborted
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** A signal that ends at a deadline or with the caller's signal, whichever is first, and says which it was. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #onCaller: () => void;
  readonly #endsAt: number;

  constructor(timeoutMs: number, caller: AbortSignal | undefined, what: string) {
    this.signal = this.#controller.signal;
    this.#caller = caller;
    this.#endsAt = performance.now() + timeoutMs;
    this.#onCaller = () => {
      this.#controller.abort(new LivyError('ABORTED', `${what} was aborted`, {}, caller?.reason));
    };
    this.#timer = setTimeout(() => {
      this.#controller.abort(new LivyError('TIMEOUT', `${what} took longer than ${String(timeoutMs)} ms`));
    }, timeoutMs);
    if (caller?.aborted === true) this.#onCaller();
    else caller?.addEventListener('abort', this.#onCaller, { once: true });
  }

  /** Milliseconds left, at least 0. */
  get left(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Frees the timer and the listener. Always call it. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onCaller);
  }
}

/**
 * How long to wait before looking at a statement again, in ms, `elapsed` ms after it was sent: 4 and then 10 at
 * first, then 5 % of the time gone between 20 and 1000, with ±10 % of jitter so that many waiters spread out.
 */
export function pollDelay(elapsed: number, random: () => number = Math.random): number {
  if (elapsed < 20) return 4;
  if (elapsed < 100) return 10;
  return Math.min(1000, Math.max(20, elapsed * 0.05)) * (0.9 + 0.2 * random());
}
