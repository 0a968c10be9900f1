import { DAY_MS } from '@analytica/domain';
import type { LocalLake } from '@analytica/lake';
import type { Logger } from 'pino';
import type { SeenPosts } from './dedupe/seen-posts.js';

/** What the lake needs from time to time: hours beyond the retention go, hours become one file, old files are deleted. */
export class Maintenance {
  readonly #lake: LocalLake;
  readonly #seen: SeenPosts;
  readonly #retentionDays: number;
  readonly #logger: Logger;
  #running: Promise<void> | null = null;

  constructor(lake: LocalLake, seen: SeenPosts, retentionDays: number, logger: Logger) {
    this.#lake = lake;
    this.#seen = seen;
    this.#retentionDays = retentionDays;
    this.#logger = logger;
  }

  /** Begins a round, unless one is going on. It never fails: what does not work now is tried in the next. */
  start(now: number, signal: AbortSignal): void {
    this.#running ??= this.#round(now, signal)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'The lake could not be tidied; trying again later'))
      .finally(() => (this.#running = null));
  }

  /** Waits for the round that is going on. */
  async finish(): Promise<void> {
    await this.#running;
  }

  async #round(now: number, signal: AbortSignal): Promise<void> {
    const expired = await this.#lake.expire(now);
    if (this.#retentionDays > 0) this.#seen.forgetBefore(now - this.#retentionDays * DAY_MS);
    const fewer = await this.#lake.compact(now, signal);
    const deleted = await this.#lake.sweep(now);
    if (expired + fewer + deleted > 0) this.#logger.info({ expired, fewer, deleted }, 'The lake was tidied');
  }
}
