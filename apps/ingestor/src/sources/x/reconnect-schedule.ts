import type { Disconnection } from './disconnection.js';
import type { XTimings } from './timings.js';

/** X allows 50 in 15 minutes; a start of the process in between makes some, too. */
const MAX_CONNECTS = 45;
/** Jitter only ever adds: nothing is sooner than X asks for. */
const JITTER = 0.25;

/**
 * When to connect again (X's documentation, "Handling disconnections"): at once after a connection that stood; network errors wait
 * linearly longer, HTTP errors exponentially, HTTP 429 exponentially and until the limit resets.
 */
export class ReconnectSchedule {
  readonly #timings: XTimings;
  readonly #random: () => number;
  /** Attempts that failed since a connection stood. */
  #network = 0;
  #http = 0;
  #rate = 0;
  /** Connections in a row that opened and broke at once. */
  #shortLived = 0;
  #connects: number[] = [];

  /** @param random - from [0, 1). */
  constructor(timings: XTimings, random: () => number) {
    this.#timings = timings;
    this.#random = random;
  }

  /** Notes an attempt. @param now - epoch ms. */
  connecting(now: number): void {
    this.#connects = [...this.#connects.slice(1 - MAX_CONNECTS), now];
  }

  /**
   * How long to wait before the next attempt, ms.
   * @param connectedMs - how long the connection stood; null where none was made.
   * @param now - epoch ms.
   */
  delayAfter(end: Disconnection, connectedMs: number | null, now: number): number {
    const delay = connectedMs === null ? this.#afterFailure(end, now) : this.#afterConnection(end, connectedMs, now);
    return Math.max(delay, this.#untilAllowed(now));
  }

  #afterConnection(end: Disconnection, connectedMs: number, now: number): number {
    this.#network = 0;
    this.#http = 0;
    this.#rate = 0;
    if (connectedMs >= this.#timings.steadyMs) this.#shortLived = 0;
    else this.#shortLived += 1;
    if (this.#shortLived <= 1) return 0;
    // It opens each time, and breaks each time: as good as a failed attempt.
    if (end.type === 'platform') this.#http = this.#shortLived - 2;
    else this.#network = this.#shortLived - 2;
    return this.#afterFailure(end, now);
  }

  #afterFailure(end: Disconnection, now: number): number {
    const { networkStepMs, networkMaxMs, httpFirstMs, httpMaxMs, rateFirstMs, rateMaxMs } = this.#timings;
    switch (end.type) {
      case 'network':
      case 'stalled':
        this.#network += 1;
        return this.#jittered(Math.min(this.#network * networkStepMs, networkMaxMs));
      case 'rate-limited': {
        this.#rate += 1;
        const doubled = Math.min(rateFirstMs * 2 ** (this.#rate - 1), rateMaxMs);
        return this.#jittered(Math.max(doubled, (end.resetsAt ?? 0) - now));
      }
      default:
        this.#http += 1;
        return this.#jittered(Math.min(httpFirstMs * 2 ** (this.#http - 1), httpMaxMs));
    }
  }

  #jittered(delay: number): number {
    // A long wait needs no longer jitter: it would only lose posts.
    return delay + this.#random() * JITTER * Math.min(delay, 4 * this.#timings.httpFirstMs);
  }

  #untilAllowed(now: number): number {
    const [oldest] = this.#connects;
    if (oldest === undefined || this.#connects.length < MAX_CONNECTS) return 0;
    return Math.max(0, oldest + this.#timings.connectsWindowMs - now);
  }
}
