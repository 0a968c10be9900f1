import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockRoot } from './root-lock.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('lockRoot', () => {
  it('is held by one at a time, also within one process, and also when many want it at once', async () => {
    const left = { pid: 2 ** 22 + 1, started: 'long ago' };
    await writeFile(join(root, 'ingestor.lock'), JSON.stringify(left));
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => lockRoot(root)));
    const won = tries.filter((each) => each.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await expect(lockRoot(root)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await won[0]?.value.release();
    expect(await readdir(root)).toEqual([]);
    await (await lockRoot(root)).release();
  });

  it('believes in a holder of another container as long as it renews, whatever its process number', async () => {
    const path = join(root, 'ingestor.lock');
    await (await lockRoot(root)).release();
    const other = { pid: process.pid, started: '1', boot: 'b', namespace: 'pid:[1]', token: 'theirs' };
    await writeFile(path, JSON.stringify(other));
    let seconds = 0;
    const renewing = setInterval(() => void utimes(path, 0, ++seconds), 500);
    await expect(lockRoot(root)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    clearInterval(renewing);
    const lock = await lockRoot(root);
    expect(await readFile(path, 'utf8')).toContain(`"pid":${String(process.pid)},`);
    await lock.release();
  });
});
