/** What a pooled session is doing. */
export type PooledState = 'creating' | 'warming' | 'idle' | 'leased' | 'verifying' | 'quarantined' | 'deleting';

/** A pooled session as all processes of the pool see it. Once it is gone, it is no longer there. */
export interface PooledSession {
  readonly name: string;
  readonly state: PooledState;
  readonly id: number | null;
  readonly appId: string | null;
  readonly boot: string | null;
  /** When it was asked for, ms since 1970. */
  readonly createdAt: number;
  /** Statements it has run. */
  readonly statements: number;
  /** Programs that failed on it in a row. */
  readonly errors: number;
}

/** The exclusive right to one session until it expires. */
export interface Lease {
  readonly session: PooledSession;
  /** Who holds it: one process of the pool. */
  readonly owner: string;
  readonly tenant: string;
  /** Fencing token: greater than that of every lease before it, of any session. */
  readonly token: number;
}

/** Limits that hold over all processes. */
export interface LeaseLimits {
  /** Most leases one tenant may hold at once. */
  readonly perTenant: number;
}

/**
 * Where a pool keeps its sessions and leases. Every method is one atomic step; changes need the current lease of the
 * session (fencing), so that a process that lost its lease can disturb nobody. A lease expires by the store's clock.
 */
export interface LeaseStore {
  /** Enters a new session in state `creating`, leased to its maker; undefined if there are `max` already. */
  reserve(name: string, owner: string, max: number, ttlMs: number): Promise<Lease | undefined>;
  /**
   * Leases the idle session that was used last (the warmest); undefined if none is idle, `full` if the tenant is at its limit.
   * The session's state is then `leased`.
   */
  lease(owner: string, tenant: string, limits: LeaseLimits, ttlMs: number): Promise<Lease | undefined | 'full'>;
  /** Leases one named session, if it is idle, to look after it. Its state is then `verifying`. */
  take(name: string, owner: string, ttlMs: number): Promise<Lease | undefined>;
  /** Leases one session whose last lease ran out while it was not idle; its state is kept. */
  reclaim(owner: string, ttlMs: number): Promise<Lease | undefined>;
  /** Extends a lease. @returns false if it is no longer held */
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  /** Changes the session under a lease. @returns false if it is no longer held */
  update(lease: Lease, change: Partial<Omit<PooledSession, 'name'>>): Promise<boolean>;
  /** Gives the session back as `idle`. @returns false if the lease is no longer held */
  release(lease: Lease, change: Partial<Omit<PooledSession, 'name' | 'state'>>): Promise<boolean>;
  /** Forgets the session. @returns false if the lease is no longer held */
  remove(lease: Lease): Promise<boolean>;
  /** All sessions. */
  list(): Promise<readonly PooledSession[]>;
  /** True for one caller in `ttlMs`: for chores that one process alone should do. */
  claim(chore: string, ttlMs: number): Promise<boolean>;
  /** Calls back when a session may have become free; returns how to stop. A store need not notice all of it. */
  onFree?(listener: () => void): () => void;
  /** Lets go of what the store opened itself. */
  close(): Promise<void>;
}

/** A session just entered. */
export function newSession(name: string, now: number): PooledSession {
  return {
    name,
    state: 'creating',
    id: null,
    appId: null,
    boot: null,
    createdAt: now,
    statements: 0,
    errors: 0,
  };
}
