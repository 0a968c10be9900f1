import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Holder, RenewalWatch } from '@analytica/lake';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngineFolder, removeDeadFolders } from './engine-folder.js';

let dataDir: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'analytica-folder-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

const inside = async (): Promise<string[]> => (await readdir(join(dataDir, 'tmp'))).sort();

/** A process that ended and that nobody has asked about: it keeps its number. */
async function makeZombie(): Promise<number> {
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await expect.poll(() => readFile(`/proc/${String(pid)}/stat`, 'utf8')).toMatch(/\) Z /);
  return pid;
}

/** A folder as another engine would have made it; null: without a word about who holds it. */
async function makeFolder(name: string, holder: Holder | null): Promise<string> {
  await mkdir(join(dataDir, 'tmp', name), { recursive: true });
  if (holder !== null) await writeFile(join(dataDir, 'tmp', name, 'holder.json'), JSON.stringify(holder));
  return name;
}

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
    const own = JSON.parse(await readFile(join(mine.path, 'holder.json'), 'utf8')) as Holder;
    const other = (pid: number): Holder => ({ ...own, pid, started: null, token: 'theirs' });
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await makeFolder('engine-dead', other(pid));
    // Our number, from before a restart.
    await makeFolder('engine-earlier', { ...own, started: '1', token: 'earlier' });
    if (process.platform === 'linux') await makeFolder('engine-zombie', other(await makeZombie()));
    const living = [
      await makeFolder('engine-living', other(process.ppid)),
      await makeFolder('engine-of-another-container', { ...other(1), namespace: 'pid:[1]' }),
      await makeFolder('engine-1-00000000-00000001', null),
      await makeFolder('something-else', other(pid)),
    ];
    const next = await openEngineFolder(dataDir);
    expect(await inside()).toEqual([basename(mine.path), basename(next.path), ...living].sort());
    await mine.close();
    await next.close();
  });

  it('removes folders of other containers, and of versions before, once it has seen no renewal for five minutes', async () => {
    let minutes = 0;
    const watch = new RenewalWatch(() => minutes * 60_000);
    const mine = await openEngineFolder(dataDir);
    const own = JSON.parse(await readFile(join(mine.path, 'holder.json'), 'utf8')) as Holder;
    const foreign = { ...own, pid: 1, namespace: 'pid:[1]', token: 'theirs' };
    await makeFolder('engine-silent', foreign);
    await makeFolder('engine-1-00000000-00000000', null);
    const renewed = await makeFolder('engine-renewed', foreign);
    for (; minutes <= 5; minutes += 1) {
      await utimes(join(dataDir, 'tmp', renewed, 'holder.json'), minutes, minutes);
      await removeDeadFolders(join(dataDir, 'tmp'), watch);
      expect(await inside()).toHaveLength(4);
    }
    minutes += 1;
    await removeDeadFolders(join(dataDir, 'tmp'), watch);
    expect(await inside()).toEqual([basename(mine.path), renewed].sort());
    await mine.close();
  });
});
