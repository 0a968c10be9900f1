import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngineFolder } from './engine-folder.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'analytica-folder-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const inside = async (): Promise<string[]> => (await readdir(join(dataDir, 'tmp'))).sort();

describe('openEngineFolder', () => {
  it('gives every engine a folder of its own, and takes it away with the engine', async () => {
    const a = await openEngineFolder(dataDir);
    const b = await openEngineFolder(dataDir);
    expect(await inside()).toEqual([basename(a.path), basename(b.path)].sort());
    await writeFile(join(a.path, 'duckdb_temp_storage'), 'x');
    await a.close();
    expect(await inside()).toEqual([basename(b.path)]);
    await b.close();
  });

  it('removes folders whose owner is gone and no others', async () => {
    const mine = await openEngineFolder(dataDir);
    const space = basename(mine.path).split('-')[2] ?? '';
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const old = new Date(Date.now() - 6 * 60_000);
    const make = async (name: string, at = new Date()): Promise<string> => {
      await mkdir(join(dataDir, 'tmp', name));
      await utimes(join(dataDir, 'tmp', name), at, at);
      return name;
    };
    await make(`engine-${String(pid)}-${space}-00000000`);
    await make(`engine-${String(process.pid)}-${space}-00000000`); // our number, from before a restart
    await make(`engine-1-00000000-00000000`, old); // another container's, long silent
    const living = [
      await make(`engine-${String(process.ppid)}-${space}-00000000`, old),
      await make(`engine-1-00000000-00000001`),
      await make('something-else', old),
    ];
    const next = await openEngineFolder(dataDir);
    expect(await inside()).toEqual([basename(mine.path), basename(next.path), ...living].sort());
    await mine.close();
    await next.close();
  });
});
