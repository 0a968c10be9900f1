import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { newClient, newPool, SMALL } from './support.js';

// The server looks for idle sessions every 60 s, so this takes a minute and a half.
it('an idle timeout of 15 s: the keep-alive holds the leased session, busy or not; an idle one goes and is replaced', async () => {
  const client = newClient();
  const { pool, recycled } = newPool(client, { max: 2, session: { ...SMALL, idleTimeout: '15s' } });
  try {
    const held = await pool.acquire();
    const other = await pool.acquire();
    const gone = other.identity;
    await other.release();

    const busy = await held.run('import time\ntime.sleep(40)\nresult = "held"', null, { timeoutMs: 120_000 });
    expect(busy.result).toBe('held');
    for (let seconds = 0; seconds < 150; seconds++) {
      if ((await pool.sessions()).every((session) => session.name !== gone.name)) break;
      await wait(1_000);
    }
    expect((await pool.sessions()).map((session) => session.name)).toEqual([held.identity.name]);
    expect(recycled).toHaveLength(1);
    expect(['vanished', 'dead']).toContain(recycled[0]);

    expect((await held.run('result = "still"')).result).toBe('still');
    const next = await pool.acquire();
    expect(next.identity.name).not.toBe(gone.name);
    expect((await next.run('result = 1')).result).toBe(1);
    await Promise.all([held.release(), next.release()]);
  } finally {
    await pool.close();
    client.close();
  }
}, 1_200_000);
