import { uptime } from 'node:os';
import { SECOND_MS } from '@analytica/domain';

const LOOK_MS = 500;
/** A machine that slept for less is one that was slow: connections outlast that. */
const SLEEP_MS = 20 * SECOND_MS;

/** A time in which this process did not run, by the arrival clock, epoch ms. */
export interface Sleep {
  readonly from: number;
  readonly to: number;
}

export interface SleepClocks {
  /** The time of arrival, epoch ms. */
  now(): number;
  /** Milliseconds since any moment. It goes on while the machine sleeps. */
  uptime(): number;
}

/**
 * Notices that the machine slept, or held this process up for as long: a look that is due every half second comes much later, by a
 * clock that goes on meanwhile and never jumps.
 */
export class SleepWatch {
  readonly #clocks: SleepClocks;
  #timer: NodeJS.Timeout | null = null;
  #last: { readonly now: number; readonly uptime: number };
  #sleep: Sleep | null = null;

  constructor(clocks: SleepClocks) {
    this.#clocks = clocks;
    this.#last = this.#look();
  }

  /** The machine's own clocks. */
  static of(now: () => number): SleepWatch {
    return new SleepWatch({ now, uptime: () => uptime() * SECOND_MS });
  }

  /** Looks from now on, twice a second, until `signal` aborts. */
  start(signal: AbortSignal): void {
    this.#last = this.#look();
    this.#timer = setInterval(() => this.check(), LOOK_MS);
    this.#timer.unref();
    signal.addEventListener('abort', () => clearInterval(this.#timer ?? undefined), { once: true });
  }

  /** The last time that it slept; null where it never did. Who was told of it is its callers' to know. */
  check(): Sleep | null {
    const last = this.#last;
    this.#last = this.#look();
    const passed = this.#last.uptime - last.uptime;
    if (passed >= SLEEP_MS) this.#sleep = { from: last.now, to: Math.max(this.#last.now, last.now) };
    return this.#sleep;
  }

  #look(): { now: number; uptime: number } {
    return { now: this.#clocks.now(), uptime: this.#clocks.uptime() };
  }
}
