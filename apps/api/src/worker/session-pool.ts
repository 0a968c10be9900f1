import { randomBytes } from 'node:crypto';
import { AppError } from '@analytica/domain';
import { redisKeyPrefix } from '@analytica/domain/contracts';
import { LivyClient, SessionPool, type PoolMetrics } from '@analytica/livy';
import { RedisLeaseStore } from '@analytica/livy/redis';
import type { Registry } from 'prom-client';
import type { LivyConfig } from '../config/engine-config.js';
import type { RedisClient } from '../redis/redis-client.js';
import type { Log } from '../log.js';
import { livyMetrics } from './livy-metrics.js';

/** Statements that run when the worker stops are cancelled after so long. */
const DRAIN_MS = 1_500;

export interface WorkerPool {
  readonly pool: SessionPool;
  close(): Promise<void>;
}

/**
 * The pool of Livy sessions that all workers on one Redis share.
 * @throws AppError `CONFIG_INVALID` for an address off this machine without credentials.
 */
export async function openPool(
  livy: LivyConfig,
  redis: RedisClient,
  prefix: string,
  metrics: PoolMetrics,
): Promise<WorkerPool> {
  const client = openClient(livy);
  const store = new RedisLeaseStore(redis, { prefix: leasePrefix(prefix) });
  const pool = new SessionPool({
    client,
    store,
    prefix: livy.pool.prefix ?? (await ownName(redis, prefix)),
    min: livy.pool.min,
    max: livy.pool.max,
    leaveSessions: true,
    session: { conf: livy.sparkConf },
    metrics,
  });
  return {
    pool,
    async close() {
      await pool.close({ drainMs: DRAIN_MS });
      client.close();
    },
  };
}

/** What the pool reports, as metrics; the log has what a person who runs the cluster wants to read without a graph. */
export function poolMetrics(registry: Registry, log: Log): PoolMetrics {
  const metrics = livyMetrics(registry);
  return {
    ...metrics,
    started: (timing) => {
      log.info(timing, 'a Spark session is ready');
      metrics.started?.(timing);
    },
    startFailed: (error) => {
      log.warn({ reason: error.message }, 'a Spark session could not be started');
      metrics.startFailed?.(error);
    },
    recycled: (reason) => {
      log.info({ reason }, 'a Spark session was given up');
      metrics.recycled?.(reason);
    },
    vanished: (name, appId) => {
      log.warn({ session: name, appId }, 'Livy lost a Spark session: its driver may still run');
      metrics.vanished?.(name, appId);
    },
    orphan: (name) => {
      log.info({ session: name }, 'a Spark session that the store does not list was deleted');
      metrics.orphan?.(name);
    },
  };
}

/** Where in Redis the leases lie: beside all other keys, in the same slot of a cluster. */
export function leasePrefix(prefix: string): string {
  return `${redisKeyPrefix(prefix)}livy`;
}

function openClient({ url, auth, allowAnonymous, ca }: LivyConfig): LivyClient {
  try {
    return new LivyClient({
      url,
      auth,
      allowAnonymous,
      tls: ca === null ? {} : { ca },
      requestedBy: 'twitter-analytica',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('CONFIG_INVALID', `LIVY_URL is not usable: ${reason}. See LIVY_AUTH and LIVY_ALLOW_ANONYMOUS.`, {
      cause: error,
    });
  }
}

/**
 * The name of the pool's sessions on the server. All workers of this deployment share it, and no other deployment has it: sessions
 * of this name that the store does not list are deleted. If Redis loses it, sessions of the old name end by their heartbeat.
 */
async function ownName(redis: RedisClient, prefix: string): Promise<string> {
  const key = `${leasePrefix(prefix)}:name`;
  await redis.set(key, `analytica-${randomBytes(4).toString('hex')}`, 'NX');
  const name = await redis.get(key);
  if (name === null) throw new AppError('QUEUE_UNAVAILABLE', 'Redis forgot the name of the session pool.');
  return name;
}
