import type { PostPage } from '@analytica/engine';
import { pack, unpack } from '../redis/blob.js';
import type { RedisClient } from '../redis/redis-client.js';
import { RunKeys } from './run-keys.js';
import type { RunError } from './run-records.js';

/** How long a fetched block of rows is kept for the reader who scrolls on. */
const BLOCK_TTL_SECONDS = 15 * 60;
/** A failure is kept just long enough to be read. */
const FAILURE_TTL_SECONDS = 5;

export type PageOutcome = { readonly page: PostPage } | { readonly error: RunError };

/** Blocks of rows beyond those that a result carries, as the page jobs leave them. */
export class PageStore {
  readonly #redis: RedisClient;
  readonly #keys: RunKeys;

  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#keys = new RunKeys(prefix);
  }

  /** The channel on which the id of every page is announced once it is written. */
  get channel(): string {
    return this.#keys.pageChannel;
  }

  async read(id: string): Promise<PageOutcome | null> {
    const blob = await this.#redis.getBuffer(this.#keys.page(id));
    return blob === null ? null : unpack<PageOutcome>(blob);
  }

  /**
   * Writes a page and announces it.
   * @param runSeconds - how long its run is kept: a page does not outlive its result.
   */
  async write(id: string, outcome: PageOutcome, runSeconds: number): Promise<void> {
    const ttl = Math.max(1, Math.min('page' in outcome ? BLOCK_TTL_SECONDS : FAILURE_TTL_SECONDS, runSeconds));
    await this.#redis.set(this.#keys.page(id), await pack(outcome), 'EX', ttl);
    await this.#redis.publish(this.channel, id);
  }
}
