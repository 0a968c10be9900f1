import { AppError } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { LRUCache } from 'lru-cache';
import { pack, unpack } from '../redis/blob.js';
import type { RedisClient } from '../redis/redis-client.js';
import { RunKeys } from './run-keys.js';

/** Of so many snapshots a process remembers that it has written them; a new one comes every 10 s at most. */
const REMEMBERED = 64;

/** Snapshots for the workers, as long as the analyses that use them. */
export class SnapshotStore {
  readonly #redis: RedisClient;
  readonly #keys: RunKeys;
  readonly #ttlSeconds: number;
  /** Root of each snapshot that this process has written, by id. */
  readonly #written = new LRUCache<string, string>({ max: REMEMBERED });

  /** @param ttlSeconds how long results are kept. */
  constructor(redis: RedisClient, prefix: string, ttlSeconds: number) {
    this.#redis = redis;
    this.#keys = new RunKeys(prefix);
    this.#ttlSeconds = ttlSeconds;
  }

  /**
   * Keeps a snapshot from now on for twice as long as results. It is written once; after that only its expiry moves. It is written
   * again where Redis has lost it, and where the lake has moved to another root.
   */
  async keep(snapshot: Snapshot): Promise<void> {
    const key = this.#keys.snapshot(snapshot.id);
    const seconds = this.#ttlSeconds * 2;
    if (this.#written.get(snapshot.id) === snapshot.root && (await this.#redis.expire(key, seconds)) === 1) return;
    await this.#redis.set(key, await pack(snapshot), 'EX', seconds);
    this.#written.set(snapshot.id, snapshot.root);
  }

  async find(id: string): Promise<Snapshot | null> {
    const blob = await this.#redis.getBuffer(this.#keys.snapshot(id));
    return blob === null ? null : unpack<Snapshot>(blob);
  }

  /** @throws AppError `NOT_FOUND`. */
  async get(id: string): Promise<Snapshot> {
    const snapshot = await this.find(id);
    if (snapshot === null) throw new AppError('NOT_FOUND', 'The snapshot of this analysis has expired. Ask again.');
    return snapshot;
  }
}
