import { LivyError } from '../errors.js';
import { type LivyClient } from '../livy-client.js';
import { type Lease, type LeaseStore, type PooledSession, type PooledState } from './lease-store.js';

/**
 * A lease kept alive: renewed at a third of its time, the session's idle timeout started again as often as due.
 * `signal` is aborted when the lease is lost; whoever holds it must then keep off the session.
 */
export class HeldLease {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly #lost = new AbortController();
  readonly #store: LeaseStore;
  readonly #client: LivyClient;
  readonly #ttlMs: number;
  readonly #timers: NodeJS.Timeout[];
  #validUntil: number;

  constructor(lease: Lease, store: LeaseStore, client: LivyClient, times: { ttlMs: number; keepAliveMs: number }) {
    this.lease = lease;
    this.signal = this.#lost.signal;
    this.#store = store;
    this.#client = client;
    this.#ttlMs = times.ttlMs;
    this.#validUntil = performance.now() + times.ttlMs;
    this.#timers = [
      setInterval(() => void this.#renew(), times.ttlMs / 3),
      setInterval(() => this.keepAlive(), times.keepAliveMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get name(): string {
    return this.lease.session.name;
  }

  get lost(): boolean {
    return this.signal.aborted;
  }

  /** Starts the session's idle timeout again. By name, for the activity; by number, for the heartbeat. Failing is no news here. */
  keepAlive(): void {
    this.#client.connectSession(this.name, { timeoutMs: 10_000 }).catch(() => undefined);
    const { id } = this.lease.session;
    if (id !== null) this.#client.getSession(id, { timeoutMs: 10_000 }).catch(() => undefined);
  }

  /** Changes the session's entry. @throws LivyError `LEASE_LOST` */
  async update(change: Partial<Omit<PooledSession, 'name'>> & { state?: PooledState }): Promise<void> {
    if (!(await this.#store.update(this.lease, change))) throw this.#lose();
  }

  /** Gives the session back as idle. @throws LivyError `LEASE_LOST` */
  async release(change: Partial<Omit<PooledSession, 'name' | 'state'>>): Promise<void> {
    this.stop();
    if (!(await this.#store.release(this.lease, change))) throw this.#lose();
  }

  /** Forgets the session; if the lease was lost meanwhile, its new holder will. */
  async remove(): Promise<void> {
    this.stop();
    await this.#store.remove(this.lease);
  }

  /** Renews no more: the lease runs out by itself unless given back. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    try {
      if (await this.#store.renew(this.lease, this.#ttlMs)) this.#validUntil = asked + this.#ttlMs;
      else this.#lose();
    } catch {
      // The store is out of reach: ours until the time is up, by our own clock.
      if (performance.now() >= this.#validUntil - this.#ttlMs / 6) this.#lose();
    }
  }

  #lose(): LivyError {
    this.stop();
    const error = new LivyError('LEASE_LOST', `the lease of session ${this.name} was lost`);
    this.#lost.abort(error);
    return error;
  }
}
