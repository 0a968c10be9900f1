import { type AnalysisEngine, tellWithheld, tolerateDamage } from '@analytica/engine';
import { createSparkEngine } from '@analytica/engine/spark';
import type { Registry } from 'prom-client';
import type { LivyConfig } from '../config/engine-config.js';
import type { RedisClient } from '../redis/redis-client.js';
import type { Log } from '../log.js';
import { openPool, poolMetrics } from './session-pool.js';
import { ClusterAvailability } from './cluster-availability.js';

/** How long a run or a page waits for a session. Where none is idle, one has to be started. */
const ACQUIRE_MS = 180_000;

/** The cluster engine of a worker, with its part of the session pool. Both close together. */
export async function openClusterEngine(
  livy: LivyConfig,
  redis: RedisClient,
  prefix: string,
  registry: Registry,
  log: Log,
): Promise<AnalysisEngine> {
  const { lakeUri } = livy;
  const availability = new ClusterAvailability();
  const sessions = await openPool(livy, redis, prefix, availability.listen(poolMetrics(registry, log)));
  const engine = createSparkEngine({
    pool: sessions.pool,
    acquireTimeoutMs: ACQUIRE_MS,
    ...(lakeUri === null ? {} : { rootUri: () => lakeUri }),
  });
  return tolerateDamage(
    tellWithheld({
      name: engine.name,
      run: (spec, snapshot, sink, signal) =>
        availability.guard(signal, (either) => engine.run(spec, snapshot, sink, either)),
      posts: (spec, snapshot, page, signal) =>
        availability.guard(signal, (either) => engine.posts(spec, snapshot, page, either)),
      async close() {
        // Both at once: the pool cancels what still runs, and the engine waits for that.
        await Promise.all([sessions.close(), engine.close()]);
      },
    }),
  );
}
