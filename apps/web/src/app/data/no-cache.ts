import { ApolloCache, type Cache, type Reference } from '@apollo/client';

/**
 * A cache that keeps nothing. No operation uses the cache, because what is shown is in signals; Apollo's own cache would be
 * a tenth of the first load.
 */
export class NoCache extends ApolloCache {
  override read(): null {
    return null;
  }
  override write(): Reference | undefined {
    return undefined;
  }
  override diff<T>(): Cache.DiffResult<T> {
    return { result: null, complete: false, missing: undefined } as unknown as Cache.DiffResult<T>;
  }
  override watch(): () => void {
    return () => undefined;
  }
  override reset(): Promise<void> {
    return Promise.resolve();
  }
  override evict(): boolean {
    return false;
  }
  override restore(): this {
    return this;
  }
  override extract(): unknown {
    return {};
  }
  override removeOptimistic(): void {
    // There is nothing optimistic.
  }
  override performTransaction(transaction: (cache: ApolloCache) => void): void {
    transaction(this);
  }
  override fragmentMatches(): boolean {
    return true;
  }
}
