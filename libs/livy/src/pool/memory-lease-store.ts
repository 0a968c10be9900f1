import {
  newSession,
  type Lease,
  type LeaseLimits,
  type LeaseStore,
  type PooledSession,
  type PooledState,
} from './lease-store.js';

interface Entry {
  session: PooledSession;
  lease: { owner: string; tenant: string; token: number; expiresAt: number } | undefined;
  usedAt: number;
}

/** Sessions and leases of a pool that lives in one process. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #entries = new Map<string, Entry>();
  readonly #claims = new Map<string, number>();
  readonly #now: () => number;
  #token = 0;

  /** @param now clock in ms, for tests */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  reserve(name: string, owner: string, max: number, ttlMs: number): Promise<Lease | undefined> {
    if (this.#entries.size >= max || this.#entries.has(name)) return Promise.resolve(undefined);
    const entry: Entry = { session: newSession(name, this.#now()), lease: undefined, usedAt: 0 };
    this.#entries.set(name, entry);
    return Promise.resolve(this.#grant(entry, 'creating', owner, '', ttlMs));
  }

  lease(owner: string, tenant: string, limits: LeaseLimits, ttlMs: number): Promise<Lease | undefined | 'full'> {
    const now = this.#now();
    let held = 0;
    let best: Entry | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.session.state === 'leased' && entry.lease?.tenant === tenant && entry.lease.expiresAt > now) held++;
      if (entry.session.state === 'idle' && (best === undefined || entry.usedAt > best.usedAt)) best = entry;
    }
    if (held >= limits.perTenant) return Promise.resolve('full');
    return Promise.resolve(best && this.#grant(best, 'leased', owner, tenant, ttlMs));
  }

  take(name: string, owner: string, ttlMs: number): Promise<Lease | undefined> {
    const entry = this.#entries.get(name);
    if (entry?.session.state !== 'idle') return Promise.resolve(undefined);
    return Promise.resolve(this.#grant(entry, 'verifying', owner, '', ttlMs));
  }

  reclaim(owner: string, ttlMs: number): Promise<Lease | undefined> {
    const now = this.#now();
    for (const entry of this.#entries.values()) {
      if (entry.session.state !== 'idle' && (entry.lease?.expiresAt ?? 0) <= now) {
        return Promise.resolve(this.#grant(entry, entry.session.state, owner, '', ttlMs));
      }
    }
    return Promise.resolve(undefined);
  }

  renew(lease: Lease, ttlMs: number): Promise<boolean> {
    const entry = this.#held(lease);
    if (entry?.lease !== undefined) entry.lease.expiresAt = this.#now() + ttlMs;
    return Promise.resolve(entry !== undefined);
  }

  update(lease: Lease, change: Partial<Omit<PooledSession, 'name'>>): Promise<boolean> {
    const entry = this.#held(lease);
    if (entry !== undefined) entry.session = { ...entry.session, ...change };
    return Promise.resolve(entry !== undefined);
  }

  release(lease: Lease, change: Partial<Omit<PooledSession, 'name' | 'state'>>): Promise<boolean> {
    const entry = this.#held(lease);
    if (entry !== undefined) {
      entry.session = { ...entry.session, ...change, state: 'idle' };
      entry.lease = undefined;
      entry.usedAt = this.#now();
    }
    return Promise.resolve(entry !== undefined);
  }

  remove(lease: Lease): Promise<boolean> {
    return Promise.resolve(this.#held(lease) !== undefined && this.#entries.delete(lease.session.name));
  }

  list(): Promise<readonly PooledSession[]> {
    return Promise.resolve([...this.#entries.values()].map((entry) => entry.session));
  }

  claim(chore: string, ttlMs: number): Promise<boolean> {
    const now = this.#now();
    if ((this.#claims.get(chore) ?? 0) > now) return Promise.resolve(false);
    for (const [name, until] of this.#claims) if (until <= now) this.#claims.delete(name);
    this.#claims.set(chore, now + ttlMs);
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The entry if `lease` is still the current one and has not run out. */
  #held(lease: Lease): Entry | undefined {
    const entry = this.#entries.get(lease.session.name);
    return entry?.lease?.token === lease.token && entry.lease.expiresAt > this.#now() ? entry : undefined;
  }

  #grant(entry: Entry, state: PooledState, owner: string, tenant: string, ttlMs: number): Lease {
    const token = ++this.#token;
    entry.lease = { owner, tenant, token, expiresAt: this.#now() + ttlMs };
    entry.session = { ...entry.session, state };
    return { session: entry.session, owner, tenant, token };
  }
}
