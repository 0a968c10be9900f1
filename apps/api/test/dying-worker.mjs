// Holds a session of the workers' pool with a Spark job of minutes on it, until it is killed.
import { Redis } from 'ioredis';
import { readConfig } from '../dist/config.js';
import { openPool } from '../dist/worker/session-pool.js';

const { engine, redis } = readConfig();
const { pool } = await openPool(engine.livy, new Redis(redis.address.url), redis.prefix, {});
const session = await pool.acquire({ timeoutMs: 300_000 });
const program = `
import time
result = sc.parallelize(range(2), 2).map(lambda _: time.sleep(300)).count()
`;
process.stdout.write(`${session.identity.name}\n`);
await session.run(program);
