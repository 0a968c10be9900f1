import { DAY_MS } from '@analytica/domain';
import type { LakeWriter } from '@analytica/lake';
import type { Logger } from 'pino';
import type { DeadLetterFile } from '../../dead-letters/dead-letter-file.js';
import type { SeenPosts } from '../../dedupe/seen-posts.js';
import type { FileWatch } from './file-watch.js';

/**
 * What the lake needs from time to time: hours beyond the retention go, hours become one file, old files are deleted, and deleted
 * posts leave the files.
 */
export class Maintenance {
  readonly #lake: LakeWriter;
  readonly #seen: SeenPosts;
  readonly #deadLetters: DeadLetterFile;
  readonly #retentionDays: number;
  readonly #logger: Logger;
  readonly #fileWatch: FileWatch;
  #running: Promise<void> | null = null;

  constructor(
    lake: LakeWriter,
    seen: SeenPosts,
    deadLetters: DeadLetterFile,
    retentionDays: number,
    fileWatch: FileWatch,
    logger: Logger,
  ) {
    this.#lake = lake;
    this.#seen = seen;
    this.#deadLetters = deadLetters;
    this.#retentionDays = retentionDays;
    this.#fileWatch = fileWatch;
    this.#logger = logger;
  }

  /** Begins a round, unless one is going on. It never fails: what does not work now is tried in the next. */
  start(now: number, signal: AbortSignal): void {
    this.#running ??= this.#round(now, signal).finally(() => (this.#running = null));
  }

  /** Waits for the round that is going on. */
  async finish(): Promise<void> {
    await this.#running;
  }

  /** What frees space comes first; no step stops another. */
  async #round(now: number, signal: AbortSignal): Promise<void> {
    const expired = await this.#step('expire', () => this.#expire(now));
    await this.#step('forget', () => this.#forget(now));
    const deleted = await this.#step('sweep', () => this.#lake.sweep());
    const fewer = await this.#step('compact', () => this.#lake.compact(now, signal));
    const erased = await this.#step('erase', () => this.#erase(now, signal));
    const unreadable = await this.#step('look', () => this.#fileWatch.pass());
    if (expired + deleted + fewer + erased + unreadable > 0) {
      this.#logger.info({ expired, deleted, fewer, erased, unreadable }, 'The lake was tidied');
    }
  }

  async #step(step: string, action: () => number | Promise<number>): Promise<number> {
    try {
      return await action();
    } catch (error) {
      this.#logger.warn({ err: error, step }, 'The lake could not be tidied; trying again later');
      return 0;
    }
  }

  /** Dead letters are deleted by the same pass: no clock alone may do that. */
  async #expire(now: number): Promise<number> {
    const { files, others } = await this.#lake.expire(now, await this.#deadLetters.ageing(this.#retentionDays));
    for (const key of others) await this.#deadLetters.remove(key);
    return files + others.length;
  }

  /** @returns in how many files something was erased, and how many dead letters lost their bytes. */
  async #erase(now: number, signal: AbortSignal): Promise<number> {
    let letters = 0;
    const { files } = await this.#lake.erasure.passIfDue(now, signal, async (find) => {
      letters = await this.#deadLetters.erase(find, signal);
    });
    return files + letters;
  }

  /** Captured posts that are listed stay known, though they should be gone by the clock, and so do those that came after them. */
  #forget(now: number): number {
    if (this.#retentionDays === 0) return 0;
    const captured = this.#lake.manifest.files.filter(({ importName }) => importName === null);
    const hours = captured.map(({ hour }) => hour);
    const newest = hours.reduce((most, hour) => Math.max(most, hour), -Infinity);
    this.#seen.forgetBefore(Math.min(newest, now - this.#retentionDays * DAY_MS), hours);
    return 0;
  }
}
