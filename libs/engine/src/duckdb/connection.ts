import { AppError } from '@analytica/domain';
import type { DuckDBConnection, DuckDBInstance, DuckDBType, DuckDBValue, JS } from '@duckdb/node-api';
import { LIST, VARCHAR, listValue } from '@duckdb/node-api';
import type { FooterCache } from './footer-cache.js';

/** A bound parameter: text, a number or a list of texts. */
export type Parameter = string | number | readonly string[];

/** One row of an answer, in the order of the columns asked for. */
export type Row = readonly JS[];

const INTERRUPT_AGAIN_MS = 20;

function bound(parameters: readonly Parameter[]): [DuckDBValue[], Record<string, DuckDBType>] {
  const values: DuckDBValue[] = [];
  const types: Record<string, DuckDBType> = {};
  for (const [index, parameter] of parameters.entries()) {
    if (typeof parameter === 'string' || typeof parameter === 'number') {
      values.push(parameter);
    } else {
      values.push(listValue(parameter));
      types[String(index)] = LIST(VARCHAR);
    }
  }
  return [values, types];
}

export function cancelledError(): AppError {
  return new AppError('CANCELLED', 'The analysis was cancelled.');
}

/**
 * A connection of its own for one run: its temporary tables vanish with it. Every statement ends within milliseconds
 * of the signal's abort.
 */
export class EngineConnection {
  readonly #connection: DuckDBConnection;
  readonly #footers: FooterCache;
  readonly #signal: AbortSignal;
  #cachesFooters = true;

  private constructor(connection: DuckDBConnection, footers: FooterCache, signal: AbortSignal) {
    this.#connection = connection;
    this.#footers = footers;
    this.#signal = signal;
  }

  static async open(instance: DuckDBInstance, footers: FooterCache, signal: AbortSignal): Promise<EngineConnection> {
    if (signal.aborted) throw cancelledError();
    return new EngineConnection(await instance.connect(), footers, signal);
  }

  /** Runs one statement and returns its rows. */
  async rows(sql: string, parameters: readonly Parameter[] = []): Promise<readonly Row[]> {
    const [values, types] = bound(parameters);
    return this.#interruptible(async () => {
      const reader = await this.#connection.runAndReadAll(sql, values, types);
      return reader.getRowsJS();
    });
  }

  /** Runs one statement for its effect; for an INSERT the number of rows. */
  async run(sql: string, parameters: readonly Parameter[] = []): Promise<number> {
    const [values, types] = bound(parameters);
    return this.#interruptible(async () => (await this.#connection.run(sql, values, types)).rowsChanged);
  }

  /** To be told of the files of a lake before they are read: what is beyond the cache's size is read without it. */
  async willRead(paths: readonly string[]): Promise<void> {
    if (!this.#cachesFooters || this.#footers.admits(paths)) return;
    this.#cachesFooters = false;
    await this.run('SET SESSION parquet_metadata_cache = false');
  }

  close(): void {
    this.#connection.closeSync();
  }

  /** The interrupt is repeated: one that comes before DuckDB has begun the statement is lost. */
  async #interruptible<T>(work: () => Promise<T>): Promise<T> {
    if (this.#signal.aborted) throw cancelledError();
    let timer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      this.#connection.interrupt();
      timer = setTimeout(interrupt, INTERRUPT_AGAIN_MS);
    };
    this.#signal.addEventListener('abort', interrupt, { once: true });
    try {
      const result = await work();
      this.throwIfCancelled();
      return result;
    } catch (error) {
      this.throwIfCancelled();
      throw error;
    } finally {
      this.#signal.removeEventListener('abort', interrupt);
      clearTimeout(timer);
    }
  }

  throwIfCancelled(): void {
    if (this.#signal.aborted) throw cancelledError();
  }
}
