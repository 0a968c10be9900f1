import type { PostPage } from '@analytica/engine';
import type { Redis } from 'ioredis';
import { pack, unpack } from '../redis/blob.js';
import type { RunError } from './run-records.js';

/** How long a fetched block of rows is kept for the reader who scrolls on. */
const BLOCK_TTL_SECONDS = 15 * 60;
/** A failure is remembered just long enough to be told. */
const FAILURE_TTL_SECONDS = 5;

export type PageOutcome = { readonly page: PostPage } | { readonly error: RunError };

/** Blocks of rows beyond those that a result carries, as the page jobs leave them. */
export class PageStore {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  async read(id: string): Promise<PageOutcome | null> {
    const blob = await this.#redis.getBuffer(this.#key(id));
    return blob === null ? null : unpack<PageOutcome>(blob);
  }

  async write(id: string, outcome: PageOutcome): Promise<void> {
    const ttl = 'page' in outcome ? BLOCK_TTL_SECONDS : FAILURE_TTL_SECONDS;
    await this.#redis.set(this.#key(id), await pack(outcome), 'EX', ttl);
  }

  #key(id: string): string {
    return `${this.#prefix}page:${id}`;
  }
}
