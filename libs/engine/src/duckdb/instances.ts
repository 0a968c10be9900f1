import type { DuckDBInstance } from '@duckdb/node-api';
import { FooterCache } from './footer-cache.js';
import { openInstance, type DuckDbEngineOptions } from './instance.js';
import { Session } from './session.js';

/**
 * The DuckDB instance of an engine. It keeps the footer of every file that it reads and never forgets one, so once it has
 * read as many files as it may, it makes way for a fresh one as soon as no session is open.
 */
export class Instances {
  readonly #options: DuckDbEngineOptions;
  readonly #footers: FooterCache;
  #current: Promise<DuckDBInstance>;
  #sessions = 0;

  private constructor(options: DuckDbEngineOptions, first: DuckDBInstance) {
    this.#options = options;
    this.#footers = new FooterCache(options.cachedFooters);
    this.#current = Promise.resolve(first);
  }

  static async open(options: DuckDbEngineOptions): Promise<Instances> {
    return new Instances(options, await openInstance(options));
  }

  async inSession<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#sessions === 0 && this.#footers.full) this.#current = this.#renewed(this.#current);
    this.#sessions++;
    try {
      const session = await Session.open(await this.#current, this.#footers, signal);
      try {
        return await work(session);
      } finally {
        session.close();
      }
    } finally {
      this.#sessions--;
    }
  }

  /** To be called when no session is open any more. */
  async close(): Promise<void> {
    const instance = await this.#current.catch(() => null);
    instance?.closeSync();
  }

  /** Where opening fails the cache stays full, so that the next session tries again. */
  async #renewed(old: Promise<DuckDBInstance>): Promise<DuckDBInstance> {
    const instance = await old.catch(() => null);
    instance?.closeSync();
    const fresh = await openInstance(this.#options);
    this.#footers.clear();
    return fresh;
  }
}
