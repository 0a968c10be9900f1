import type { GapCause } from '@analytica/domain/contracts';
import type { ConnectionEnd } from './connection.js';
import type { Endpoint } from './endpoint.js';

/** Failures in a row after which another server is tried. */
const FAILURES_BEFORE_CHANGE = 2;

export interface RetryTimes {
  /** The second attempt waits so long, each one after it twice as long as the one before; the first does not wait. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** A server that refused, or that asked to wait without saying how long, is left alone for so long. */
  readonly refusedMs: number;
}

/** Which server comes next, and when. */
export interface Attempt {
  readonly endpoint: Endpoint;
  readonly waitMs: number;
}

interface Candidate {
  readonly endpoint: Endpoint;
  failures: number;
  /** Not to be asked before; ms of the clock that is handed in. */
  barredUntil: number;
  lastCause: GapCause | null;
}

/** Goes round the servers: stays with one that works, waits longer after each failure, and asks no server that wants to be left alone. */
export class ServerChoice {
  readonly #candidates: readonly Candidate[];
  readonly #times: RetryTimes;
  readonly #random: () => number;
  #current: number;
  #attempts = 0;

  /**
   * @param first - the id of the server to begin with; the first one where it is none of them.
   * @param random - from [0, 1).
   */
  constructor(endpoints: readonly Endpoint[], first: string | null, times: RetryTimes, random: () => number) {
    this.#candidates = endpoints.map((endpoint) => ({ endpoint, failures: 0, barredUntil: 0, lastCause: null }));
    this.#current = Math.max(
      0,
      endpoints.findIndex(({ id }) => id === first),
    );
    this.#times = times;
    this.#random = random;
  }

  /** Whether every server refused when it was last asked: probably something is to be mended here. */
  get isRefusedEverywhere(): boolean {
    return this.#candidates.every(({ lastCause }) => lastCause === 'REFUSED');
  }

  /** @param now - ms of a clock that does not jump. */
  next(now: number): Attempt {
    const chosen = this.#choose(now);
    const { firstMs, lastMs } = this.#times;
    const delay = this.#attempts === 0 ? 0 : Math.min(lastMs, firstMs * 2 ** (this.#attempts - 1));
    this.#attempts += 1;
    const jittered = delay * (0.5 + this.#random() / 2);
    return { endpoint: chosen.endpoint, waitMs: Math.max(jittered, chosen.barredUntil - now) };
  }

  /** The connection worked for a while: the next attempt is a first one. */
  worked(): void {
    this.#attempts = 0;
    const current = this.#candidates[this.#current];
    if (current === undefined) return;
    current.failures = 0;
    current.lastCause = null;
  }

  failed({ cause, refusal }: ConnectionEnd, now: number): void {
    const current = this.#candidates[this.#current];
    if (current === undefined) return;
    current.failures += 1;
    current.lastCause = cause;
    if (cause === 'RATE_LIMITED' || cause === 'REFUSED') {
      // Some randomness here too: whoever was sent away together does not come back together.
      const wait = refusal?.retryAfterMs ?? this.#times.refusedMs;
      current.barredUntil = now + wait * (1 + this.#random() / 10);
    }
  }

  #choose(now: number): Candidate {
    const at = (step: number): number => (this.#current + step) % this.#candidates.length;
    const order = this.#candidates.map((_, step) => at(step));
    const isFree = (index: number): boolean => (this.#candidates[index]?.barredUntil ?? Infinity) <= now;
    const hasFailed = (this.#candidates[this.#current]?.failures ?? 0) >= FAILURES_BEFORE_CHANGE;
    const others = order.slice(1);
    const preferred = hasFailed ? [...others, this.#current] : order;
    const index =
      preferred.find(isFree) ??
      order.reduce((best, each) => (this.#until(each) < this.#until(best) ? each : best), this.#current);
    const candidate = this.#candidates[index];
    if (candidate === undefined) throw new Error('There is no server to choose from.');
    if (index !== this.#current) candidate.failures = 0;
    this.#current = index;
    return candidate;
  }

  #until(index: number): number {
    return this.#candidates[index]?.barredUntil ?? Infinity;
  }
}
