import { RATE_SECONDS } from '@analytica/domain/contracts';

/** How many there were in each of the last `RATE_SECONDS` seconds. */
export class RateWindow {
  readonly #seconds: number[] = [];
  #current = 0;

  add(count: number): void {
    this.#current += count;
  }

  /** Ends a second. */
  tick(): void {
    this.#seconds.push(this.#current);
    if (this.#seconds.length > RATE_SECONDS) this.#seconds.shift();
    this.#current = 0;
  }

  /** Oldest first; 0 in seconds before the first. */
  get perSecond(): readonly number[] {
    return [...Array.from({ length: RATE_SECONDS - this.#seconds.length }, () => 0), ...this.#seconds];
  }
}
