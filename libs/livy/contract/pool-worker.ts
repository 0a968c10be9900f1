// Run by plain Node from the package's build, as its users run it.
/* eslint-disable @nx/enforce-module-boundaries */
import { LivyClient, SessionPool, toLivyError } from '@analytica/livy';
import { RedisLeaseStore } from '@analytica/livy/redis';
import { Redis } from 'ioredis';

// One worker process of the pool's contract: takes jobs n = from, from + step, ... below to, four at a time, and says on
// standard output what came back, one JSON a line. A `stall` job stays in its statement until it is killed.
interface Task {
  readonly livyUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly max: number;
  readonly from: number;
  readonly step: number;
  readonly to: number;
  readonly stall: boolean;
  readonly leaseTtlMs: number;
  readonly store: 'redis' | 'memory';
}

const task = JSON.parse(process.argv[2] ?? '{}') as Task;
const say = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

// It ends with the test that started it, however that ends.
process.stdin.resume().on('end', () => process.exit(3));

const redis = task.store === 'redis' ? new Redis(task.redisUrl) : undefined;
const client = new LivyClient({ url: task.livyUrl });
const pool = new SessionPool({
  client,
  prefix: task.prefix,
  max: task.max,
  acquireTimeoutMs: 600_000,
  startTimeoutMs: 600_000,
  leaseTtlMs: task.leaseTtlMs,
  leaveSessions: true,
  session: { driverMemory: '512m', heartbeatTimeoutInSecond: 600 },
  ...(redis === undefined ? {} : { store: new RedisLeaseStore(redis, { prefix: task.prefix }) }),
});
say({ owner: pool.owner });

// The program notes who is inside the session: two at once would see each other.
const PROGRAM = `
import builtins, time
inside = getattr(builtins, "livy_inside", None)
builtins.livy_inside = params["owner"]
time.sleep(params["sleep"])
result = {"n": params["n"], "met": inside, "still": builtins.livy_inside == params["owner"]}
builtins.livy_inside = None
`;

let next = task.from;
async function line(): Promise<void> {
  for (let n = next; n < task.to; n = next) {
    next += task.step;
    try {
      await pool.withSession(async (session) => {
        if (task.stall) say({ stalled: session.identity.name });
        const params = { n, owner: `${pool.owner}/${String(n)}`, sleep: task.stall ? 90 : 0.005 };
        const { result } = await session.run(PROGRAM, params);
        say({ asked: n, result, name: session.identity.name, token: session.token });
      });
    } catch (error) {
      say({ asked: n, failed: toLivyError(error).code });
    }
  }
}

await Promise.all(Array.from({ length: task.stall ? 1 : 4 }, line));
await pool.close();
client.close();
redis?.disconnect();
say({ done: true });
process.stdin.destroy();
