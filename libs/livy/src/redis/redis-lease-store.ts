import { type Cluster, type Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { type Lease, type LeaseLimits, type LeaseStore, type PooledSession } from '../pool/lease-store.js';
import { LEASE, RECLAIM, RELEASE, REMOVE, RENEW, RESERVE, TAKE, UPDATE } from './scripts.js';

/** One line of the lease log: who held what, from when to when. */
export interface LeaseLogEntry {
  /** `expired`: the lease ran out and another process took the session. */
  readonly event: 'acquire' | 'release' | 'remove' | 'expired';
  readonly name: string;
  readonly owner: string;
  readonly tenant: string;
  readonly token: number;
  /** By Redis' clock, microseconds since 1970. */
  readonly at: number;
}

/** Where in Redis. */
export interface RedisLeaseStoreOptions {
  /**
   * Every process of one pool uses the same. Default `livy-pool`. It becomes the hash tag of all keys, unless it holds one
   * itself (`{app}:livy`): so they lie in one slot of a Redis Cluster.
   */
  readonly prefix?: string;
}

/**
 * Sessions and leases in Redis or on a Redis Cluster, for a pool of several processes. Every step is one Lua script on Redis' own
 * clock, which names all keys that it touches. The `redis` given stays the caller's; for notifications the store opens one
 * connection of its own.
 */
export class RedisLeaseStore implements LeaseStore {
  readonly #redis: Redis | Cluster;
  readonly #keys: readonly [string, string, string, string, string];
  readonly #prefix: string;
  #subscriber: Redis | Cluster | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(redis: Redis | Cluster, options: RedisLeaseStoreOptions = {}) {
    this.#redis = redis;
    const prefix = options.prefix ?? 'livy-pool';
    this.#prefix = /\{[^{}]+\}/.test(prefix) ? prefix : `{${prefix}}`;
    const key = (part: string): string => `${this.#prefix}:${part}`;
    this.#keys = [key('sessions'), key('leases'), key('token'), key('log'), key('free')];
  }

  async reserve(name: string, owner: string, max: number, ttlMs: number): Promise<Lease | undefined> {
    return this.#granted(await this.#run(RESERVE, name, owner, max, ttlMs), owner, '');
  }

  async lease(owner: string, tenant: string, limits: LeaseLimits, ttlMs: number): Promise<Lease | undefined | 'full'> {
    const reply = await this.#run(LEASE, owner, tenant, limits.perTenant, ttlMs);
    return reply === 'full' ? 'full' : this.#granted(reply, owner, tenant);
  }

  async take(name: string, owner: string, ttlMs: number): Promise<Lease | undefined> {
    return this.#granted(await this.#run(TAKE, name, owner, ttlMs), owner, '');
  }

  async reclaim(owner: string, ttlMs: number): Promise<Lease | undefined> {
    return this.#granted(await this.#run(RECLAIM, owner, ttlMs), owner, '');
  }

  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    return (await this.#run(RENEW, lease.session.name, lease.token, ttlMs)) === 1;
  }

  async update(lease: Lease, change: Partial<Omit<PooledSession, 'name'>>): Promise<boolean> {
    return (await this.#run(UPDATE, lease.session.name, lease.token, JSON.stringify(change))) === 1;
  }

  async release(lease: Lease, change: Partial<Omit<PooledSession, 'name' | 'state'>>): Promise<boolean> {
    return (await this.#run(RELEASE, lease.session.name, lease.token, JSON.stringify(change))) === 1;
  }

  async remove(lease: Lease): Promise<boolean> {
    return (await this.#run(REMOVE, lease.session.name, lease.token)) === 1;
  }

  async list(): Promise<readonly PooledSession[]> {
    return (await this.#redis.hvals(this.#keys[0])).map(parseSession);
  }

  async claim(chore: string, ttlMs: number): Promise<boolean> {
    return (await this.#redis.set(`${this.#prefix}:chore:${chore}`, '1', 'PX', Math.ceil(ttlMs), 'NX')) === 'OK';
  }

  onFree(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#subscriber === undefined) {
      // Without arguments both kinds of client duplicate themselves; their types differ in the arguments alone.
      const subscriber: Redis | Cluster = (this.#redis as Redis).duplicate();
      this.#subscriber = subscriber;
      // A missed message costs a waiter one more look, nothing else.
      subscriber.on('error', () => undefined);
      subscriber.on('message', () => {
        for (const each of this.#listeners) each();
      });
      subscriber.subscribe(this.#keys[4]).catch(() => undefined);
    }
    return () => this.#listeners.delete(listener);
  }

  /** The last 20,000 lease events or so, oldest first. */
  async log(): Promise<LeaseLogEntry[]> {
    const entries = await this.#redis.xrange(this.#keys[3], '-', '+');
    return entries.map(([, fields]) => {
      const value = (key: string): string => fields[fields.indexOf(key) + 1] ?? '';
      return {
        event: value('event') as LeaseLogEntry['event'],
        name: value('name'),
        owner: value('owner'),
        tenant: value('tenant'),
        token: Number(value('token')),
        at: Number(value('at')),
      };
    });
  }

  close(): Promise<void> {
    this.#subscriber?.disconnect();
    this.#subscriber = undefined;
    this.#listeners.clear();
    return Promise.resolve();
  }

  /** Runs a script by its hash, and by its text where Redis does not know it (yet, or after a restart). */
  async #run(script: string, ...args: (string | number)[]): Promise<unknown> {
    try {
      return await this.#redis.evalsha(sha(script), this.#keys.length, ...this.#keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.#redis.eval(script, this.#keys.length, ...this.#keys, ...args);
    }
  }

  #granted(reply: unknown, owner: string, tenant: string): Lease | undefined {
    if (!Array.isArray(reply)) return undefined;
    const [session, token] = reply as [string, number];
    return { session: parseSession(session), owner, tenant, token };
  }
}

const hashes = new Map<string, string>();
function sha(script: string): string {
  const known = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
  hashes.set(script, known);
  return known;
}

function parseSession(text: string): PooledSession {
  const { usedAt: _, ...session } = JSON.parse(text) as PooledSession & { usedAt: number };
  return session;
}
