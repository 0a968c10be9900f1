import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetHolder, type Holder, livenessOf, newHolder, RenewalWatch } from './liveness.js';
import { acquireLockFile } from './lock-file.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** When a process began, as Linux says it. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** A process that ended and that nobody has asked about: it keeps its number. */
async function makeZombie(): Promise<number> {
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await expect.poll(async () => (await readFile(`/proc/${String(pid)}/stat`, 'utf8')).split(') ')[1]?.[0]).toBe('Z');
  return pid;
}

/** This kernel and namespace, as any process of them would say. */
async function here(pid: number): Promise<Holder> {
  const own = await newHolder();
  forgetHolder(own);
  return { ...own, pid, started: await startOf(pid), token: 'theirs' };
}

describe('livenessOf', () => {
  it('knows what this process holds, and what it let go', async () => {
    const own = await newHolder();
    expect(await livenessOf(own)).toBe('alive');
    const earlier = { ...own, started: '1', token: 'of an earlier process of the same number' };
    expect(await livenessOf(earlier)).toBe('gone');
    forgetHolder(own);
  });

  it('knows the living from the dead, and an earlier process from a later one of its number', async () => {
    const living = spawn('sleep', ['60']);
    started.push(living);
    const holder = await here(living.pid ?? 0);
    expect(await livenessOf(holder)).toBe('alive');
    expect(await livenessOf({ ...holder, started: '1' })).toBe(holder.started === null ? 'alive' : 'gone');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(await livenessOf(await here(pid))).toBe('gone');
  });

  it.runIf(process.platform === 'linux')('takes a zombie for gone', async () => {
    const zombie = await here(await makeZombie());
    expect(process.kill(zombie.pid, 0)).toBe(true);
    expect(zombie.started).not.toBeNull();
    expect(await livenessOf(zombie)).toBe('gone');
    expect(await livenessOf({ ...zombie, started: null })).toBe('gone');
  });

  it('does not know about another container or machine', async () => {
    const holder = await here(process.pid);
    expect(await livenessOf({ ...holder, namespace: 'pid:[1]' })).toBe('unknown');
    expect(await livenessOf({ ...holder, boot: 'another' })).toBe('unknown');
  });

  it('judges holders of versions before by their number alone', async () => {
    const old = { boot: null, namespace: null, token: '', started: null };
    expect(await livenessOf({ ...old, pid: process.ppid })).toBe('alive');
    expect(await livenessOf({ ...old, pid: process.pid })).toBe('gone');
    expect(await livenessOf({ ...old, pid: 2 ** 22 + 1 })).toBe('gone');
  });
});

it('RenewalWatch counts from what it saw itself, by its own clock', () => {
  let now = 1_000;
  const watch = new RenewalWatch(() => now);
  expect(watch.unchangedFor('a', 5)).toBeNull();
  now += 70;
  expect(watch.unchangedFor('a', 5)).toBe(70);
  expect(watch.unchangedFor('a', 4)).toBe(0); // the other's clock was set back
  now += 10;
  expect(watch.unchangedFor('a', 4)).toBe(10);
  watch.retain(new Set());
  expect(watch.unchangedFor('a', 4)).toBeNull();
});

describe('acquireLockFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-file-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.runIf(process.platform === 'linux')('takes over from a zombie at once', async () => {
    const path = join(folder, 'lock');
    await writeFile(path, JSON.stringify(await here(await makeZombie())));
    const { lock } = await acquireLockFile(path);
    expect(lock).not.toBeNull();
    await lock?.release();
  });

  it('takes over a lock that a power cut left empty', async () => {
    const path = join(folder, 'lock');
    await writeFile(path, '');
    const { lock } = await acquireLockFile(path);
    expect(lock).not.toBeNull();
    await lock?.release();
  });

  it('takes over from one who died while taking over', async () => {
    const path = join(folder, 'lock');
    const dead = await here(spawnSync(process.execPath, ['-e', '']).pid);
    await writeFile(path, JSON.stringify(dead));
    // Whoever else finds the lock goes the same way, so that the name of the right to it can be seen.
    const tries = await Promise.all(Array.from({ length: 20 }, () => acquireLockFile(path)));
    expect(tries.filter(({ lock }) => lock !== null)).toHaveLength(1);
    await tries.find(({ lock }) => lock !== null)?.lock?.release();
  });

  it('waits for a living holder as long as it may, and says who it is', async () => {
    const path = join(folder, 'lock');
    const first = await acquireLockFile(path);
    expect(await acquireLockFile(path)).toMatchObject({ lock: null, holder: { pid: process.pid } });
    const second = acquireLockFile(path, { waitMs: 60_000, pollMs: 1 });
    await first.lock?.release();
    expect((await second).lock).not.toBeNull();
    await (await second).lock?.release();
  });

  it('waits out a holder of another container that no longer renews', { timeout: 30_000 }, async () => {
    const path = join(folder, 'lock');
    await writeFile(path, JSON.stringify({ ...(await here(process.pid)), namespace: 'pid:[1]' }));
    let seconds = 0;
    const renewing = setInterval(() => void utimes(path, 0, (seconds += 1)), 300);
    expect(await acquireLockFile(path)).toMatchObject({ lock: null });
    clearInterval(renewing);
    const before = performance.now();
    const { lock } = await acquireLockFile(path);
    expect(performance.now() - before).toBeGreaterThan(4_900);
    await lock?.release();
  });
});
