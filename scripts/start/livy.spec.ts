import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLivy } from './livy.ts';
import { freePort, StartError } from './preflight.ts';
import { Reporter } from './reporter.ts';
import { Supervisor } from './supervisor.ts';

let folder: string;
let supervisor: Supervisor;
const reporter = new Reporter(true);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-livy-'));
  supervisor = new Supervisor(reporter, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = async (engine: 'embedded' | 'cluster', livyUrl: string) =>
  await startLivy({ engine, livyUrl, environment: {} }, supervisor, reporter, new AbortController().signal);

describe('startLivy', () => {
  it('starts nothing for the embedded engine', async () => {
    expect(await start('embedded', '')).toBeUndefined();
  });

  it('takes the server that is given', async () => {
    const server = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    try {
      const url = `http://127.0.0.1:${port}`;
      expect(await start('cluster', url)).toEqual({ url, name: `Livy at 127.0.0.1:${port}` });
    } finally {
      server.close();
    }
  });

  it('says in one sentence that the given one does not answer, or is no address', async () => {
    const gone = start('cluster', `http://127.0.0.1:${await freePort()}`);
    await expect(gone).rejects.toThrow(StartError);
    await expect(gone).rejects.toThrow(/does not answer \(connect ECONNREFUSED .+\)\. Start it, correct --livy-url/);
    await expect(start('cluster', 'livy:8998')).rejects.toThrow(/is no address/);
  });
});
