import { randomBytes } from 'node:crypto';
import { LivyClient, SessionPool, type SessionPoolOptions } from '@analytica/livy';

/** A pool of small sessions on the server of the tests (LIVY_URL). */
export function testPool(
  url: string,
  options: Partial<SessionPoolOptions> = {},
): { readonly pool: SessionPool; readonly close: () => Promise<void> } {
  const client = new LivyClient({ url, timeoutMs: 60_000 });
  const pool = new SessionPool({
    client,
    prefix: `test-${randomBytes(4).toString('hex')}`,
    max: 1,
    acquireTimeoutMs: 800_000,
    session: { driverMemory: '768m', heartbeatTimeoutInSecond: 600 },
    ...options,
  });
  return {
    pool,
    close: async () => {
      await pool.close();
      client.close();
    },
  };
}
