/** Stops asking for what keeps failing: after each failure in a row the wait doubles, then one attempt is let through. */
export class CircuitBreaker {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #trying = false;

  constructor(options: { firstMs?: number; maxMs?: number; now?: () => number } = {}) {
    this.#firstMs = options.firstMs ?? 500;
    this.#maxMs = options.maxMs ?? 30_000;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether an attempt may be made now. While failures last, only one at a time may. */
  allows(): boolean {
    if (this.#failures === 0) return true;
    return !this.#trying && this.#now() >= this.#openUntil;
  }

  /** An attempt begins. */
  begin(): void {
    if (this.#failures > 0) this.#trying = true;
  }

  /** An attempt succeeded. */
  succeed(): void {
    this.#failures = 0;
    this.#trying = false;
  }

  /** An attempt failed. @returns how long the circuit is now open, in ms */
  fail(): number {
    const wait = Math.min(this.#maxMs, this.#firstMs * 2 ** this.#failures) * (0.8 + 0.4 * Math.random());
    this.#failures++;
    this.#trying = false;
    this.#openUntil = this.#now() + wait;
    return wait;
  }

  /** An attempt was not made after all. */
  abandon(): void {
    this.#trying = false;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }
}
