import { readRedisAddress } from '@analytica/domain/contracts';
import { Cluster, Redis } from 'ioredis';

export type RedisClient = Redis | Cluster;

const TIMEOUT_MS = 2_000;

/** Opens a connection whose commands fail at once while Redis, or the Redis Cluster, is away. It connects again by itself. */
export function openRedis(url: string): RedisClient {
  const options = { maxRetriesPerRequest: 0, connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS };
  const pause = (attempt: number): number => Math.min(attempt * 200, TIMEOUT_MS);
  const address = readRedisAddress(url);
  if (address?.type !== 'cluster')
    return new Redis(url, { ...options, enableOfflineQueue: false, retryStrategy: pause });
  const { nodes, username, password, tls } = address;
  return new Cluster([...nodes], {
    enableOfflineQueue: false,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: TIMEOUT_MS,
    redisOptions: {
      ...options,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(tls ? { tls: {} } : {}),
    },
  });
}
