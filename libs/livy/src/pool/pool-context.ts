import { type LivyClient } from '../livy-client.js';
import { HeldLease } from './held-lease.js';
import { type Lease, type LeaseStore } from './lease-store.js';
import { type PoolMetrics, type RecycleReason } from './metrics.js';
import { type PoolSettings } from './pool-options.js';

/** With these codes the caller knows already that the session vanished, or there never was one. */
const KNOWN_BEFORE: ReadonlySet<RecycleReason> = new Set(['vanished', 'start-failed', 'closed']);

/** What the parts of one pool share. */
export class PoolContext {
  readonly client: LivyClient;
  readonly store: LeaseStore;
  readonly settings: PoolSettings;
  readonly metrics: PoolMetrics;
  /** This process among those of the pool. */
  readonly owner: string;
  readonly #tasks = new Set<Promise<void>>();

  constructor(client: LivyClient, store: LeaseStore, settings: PoolSettings, metrics: PoolMetrics, owner: string) {
    this.client = client;
    this.store = store;
    this.settings = settings;
    this.metrics = metrics;
    this.owner = owner;
  }

  /** Keeps a lease alive from now on. */
  hold(lease: Lease): HeldLease {
    const { leaseTtlMs, keepAliveMs } = this.settings;
    return new HeldLease(lease, this.store, this.client, { ttlMs: leaseTtlMs, keepAliveMs });
  }

  /** Lets work go on beside; `settle` waits for it. The work reports its own failures. */
  background(work: Promise<void>): void {
    const task = work.catch(() => undefined).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** Waits until what runs beside is done. */
  async settle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  /**
   * Gives a session up: quarantined, deleting, gone. If the server cannot be reached its entry stays, and whoever
   * reclaims it tries again.
   */
  async discard(held: HeldLease, reason: RecycleReason): Promise<void> {
    this.metrics.recycled?.(reason);
    try {
      await held.update({ state: 'quarantined' });
      await held.update({ state: 'deleting' });
      const existed = await this.client.deleteSession(held.name);
      await held.remove();
      if (!existed && !KNOWN_BEFORE.has(reason)) this.metrics.vanished?.(held.name, held.lease.session.appId);
    } finally {
      held.stop();
    }
  }
}
