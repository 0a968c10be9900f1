import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LivyClient } from '../src/index.js';
import { OwnServer } from './own-server.js';
import { codeOf, newPool, startSession } from './support.js';

/** The Python child, its parent (the driver) and the JVM. */
const PROCESSES = `import os
result = [os.getpid(), os.getppid(), sc._jvm.java.lang.ProcessHandle.current().pid()]`;

/** Which of them outlive the server. */
const LEFT = { stop: [true, false, false], kill: [true, true, true] };

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a server that goes away and comes back', () => {
  let server: OwnServer;
  let client: LivyClient;

  beforeAll(async () => {
    server = await OwnServer.start(['livy.rsc.retained-statements=2']);
    client = new LivyClient({ url: server.url });
  });

  afterAll(async () => {
    client.close();
    await server.stop();
  });

  it('retains two statements when told so: an older one is a typed error', async () => {
    const session = await startSession(client, 'retained');
    for (let n = 0; n < 4; n++) expect((await session.run('result = params', n)).result).toBe(n);
    expect(await codeOf(client.getStatement(session.identity.name, 1))).toBe('STATEMENT_NOT_FOUND');
    await session.close();
  });

  it.each(['stop', 'kill'] as const)(
    "%s: numbers start at 0 again, no job reads another's answer, what was lost is counted",
    async (how) => {
      const vanished: string[] = [];
      const { pool } = newPool(client, {
        leaseTtlMs: 3_000,
        metrics: { vanished: (name) => vanished.push(name) },
      });
      let processes: readonly number[] = [];
      try {
        const names: string[] = [];
        const ids: number[] = [];
        const lost: string[] = [];
        const work = pool.withSession(async (session) => {
          names.push(session.identity.name);
          ids.push(session.identity.id);
          if (names.length === 1) processes = (await session.run(PROCESSES)).result as readonly number[];
          const sleep = names.length === 1 ? 60 : 0;
          const program = 'import time\ntime.sleep(params["sleep"])\nresult = params["salt"]';
          const params = { sleep, salt: `${how} ${String(names.length)}` };
          return (
            await session.run(program, params).catch((error: unknown) => {
              lost.push(`${session.identity.name}: ${String(error)}`);
              throw error;
            })
          ).result;
        });
        while (processes.length === 0) await wait(50);
        await wait(1_000);
        await server[how]();
        await wait(2_000);
        await server.begin();
        expect(await work, lost.join('; ')).toBe(`${how} 2`);
        expect(new Set(names).size).toBe(2);
        expect(ids.at(-1)).toBe(0);
        expect(vanished).toEqual([names[0]]);
        // Livy's own behaviour, which is why what vanished is reported. A server that is stopped ends a busy driver after its
        // shutdown timeout, not what its Python does; one that is killed ends nothing.
        if (server.leavesDrivers) expect(processes.map(isAlive)).toEqual(LEFT[how]);
      } finally {
        if (server.leavesDrivers) for (const id of processes) if (isAlive(id)) process.kill(id, 'SIGKILL');
        await pool.close();
      }
    },
  );
});
