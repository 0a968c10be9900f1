import type { DuckDBInstance } from '@duckdb/node-api';
import { FooterCache } from './footer-cache.js';
import { openInstance, type DuckDbEngineOptions } from './open-instance.js';
import { EngineConnection } from './connection.js';

/**
 * The DuckDB instance of an engine. It keeps the footer of every file that it reads and never forgets one, so once it has
 * read as many files as it may, it makes way for a fresh one as soon as no connection is open.
 */
export class RecycledInstance {
  readonly #options: DuckDbEngineOptions;
  readonly #footers: FooterCache;
  #current: Promise<DuckDBInstance>;
  #connections = 0;

  private constructor(options: DuckDbEngineOptions, first: DuckDBInstance) {
    this.#options = options;
    this.#footers = new FooterCache(options.cachedFooters);
    this.#current = Promise.resolve(first);
  }

  static async open(options: DuckDbEngineOptions): Promise<RecycledInstance> {
    return new RecycledInstance(options, await openInstance(options));
  }

  async withConnection<T>(signal: AbortSignal, work: (connection: EngineConnection) => Promise<T>): Promise<T> {
    if (this.#connections === 0 && this.#footers.full) this.#current = this.#renewed(this.#current);
    this.#connections++;
    try {
      const connection = await EngineConnection.open(await this.#current, this.#footers, signal);
      try {
        return await work(connection);
      } finally {
        connection.close();
      }
    } finally {
      this.#connections--;
    }
  }

  /** To be called when no connection is open any more. */
  async close(): Promise<void> {
    const instance = await this.#current.catch(() => null);
    instance?.closeSync();
  }

  /** Where opening fails the cache stays full, so that the next connection tries again. */
  async #renewed(old: Promise<DuckDBInstance>): Promise<DuckDBInstance> {
    const instance = await old.catch(() => null);
    instance?.closeSync();
    const fresh = await openInstance(this.#options);
    this.#footers.clear();
    return fresh;
  }
}
