import type { RedisAddress } from '@analytica/domain/contracts';
import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** A connection to one Redis, or to all nodes of a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/** How a connection behaves while Redis is away. */
export interface RedisBehaviour {
  readonly name: string;
  /** Whether commands wait until Redis is back; else they fail at once. */
  readonly waits: boolean;
  /** Most a command may take; null: as long as it takes. */
  readonly commandTimeoutMs: number | null;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** A command that waits is sent again so often while a cluster elects a new master; one that does not wait three times. */
const REDIRECTIONS = { waits: 10_000, fails: 3 };

/** Opens a connection; it connects by itself, and again after every loss. */
export function openRedis(address: RedisAddress, behaviour: RedisBehaviour): RedisClient {
  const { name, waits, commandTimeoutMs } = behaviour;
  const options: RedisOptions = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionName: name,
    maxRetriesPerRequest: waits ? null : 0,
    ...(commandTimeoutMs === null ? {} : { commandTimeout: commandTimeoutMs }),
  };
  if (address.type === 'server') {
    return new Redis(address.url, { ...options, enableOfflineQueue: waits, retryStrategy: pause });
  }
  const { username, password, tls } = address;
  return new Cluster([...address.nodes], {
    enableOfflineQueue: waits,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    maxRedirections: waits ? REDIRECTIONS.waits : REDIRECTIONS.fails,
    redisOptions: {
      ...options,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(tls ? { tls: {} } : {}),
    },
  });
}

/** Milliseconds before the next try to connect. */
function pause(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 5), 1_000);
}
