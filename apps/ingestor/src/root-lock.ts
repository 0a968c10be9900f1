import { randomUUID } from 'node:crypto';
import { link, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@analytica/domain';
import { z } from 'zod';

const LOCK_FILE = 'ingestor.lock';
const RENEWAL_MS = 1000;
/** A holder that this process cannot see (another container or machine) is gone when it has not renewed for so long. */
const WATCH_MS = 5000;
const ATTEMPTS = 20;
/** How long a takeover by another process may take. */
const TURN_MS = 50;

const holderSchema = z.object({
  pid: z.number(),
  /** When the process began, and which kernel and process namespace it runs in, where the system tells. */
  started: z.string().nullable(),
  boot: z.string().nullable().default(null),
  namespace: z.string().nullable().default(null),
  token: z.string().default(''),
});
type Holder = z.infer<typeof holderSchema>;

/** Locks that this process holds. */
const ownTokens = new Set<string>();

/** Keeps a second ingestor out of the same lake. */
export interface RootLock {
  release(): Promise<void>;
}

/**
 * Takes the lock on a lake's folder; one that a killed process left behind is taken over.
 * @throws AppError `CONFIG_INVALID` while another ingestor is at work there.
 */
export async function lockRoot(root: string): Promise<RootLock> {
  const path = join(root, LOCK_FILE);
  const token = randomUUID();
  const own: Holder = { pid: process.pid, started: await startOf(process.pid), ...(await whereabouts()), token };
  const temporary = `${path}.${token}`;
  try {
    // Whole before it has the name: nobody reads half a lock.
    await writeFile(temporary, JSON.stringify(own));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await linkIfFree(temporary, path)) return held(path, token);
      const holder = await readHolder(path);
      if (holder !== null && (await isAlive(holder, own, path))) throw takenBy(holder, root);
      await takeAway(path, holder, own, temporary);
    }
    throw takenBy(await readHolder(path), root);
  } finally {
    await rm(temporary, { force: true });
  }
}

function held(path: string, token: string): RootLock {
  ownTokens.add(token);
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, RENEWAL_MS);
  renewal.unref();
  return {
    async release() {
      clearInterval(renewal);
      ownTokens.delete(token);
      if ((await readHolder(path))?.token === token) await rm(path, { force: true });
    },
  };
}

function takenBy(holder: Holder | null, root: string): AppError {
  const who = holder === null ? '' : ` (process ${String(holder.pid)})`;
  return new AppError(
    'CONFIG_INVALID',
    `Another ingestor${who} writes in ${root}: stop it, or set DATA_DIR to another folder.`,
  );
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead holder's lock. One process at a time: another that judged the same lock must not remove the next holder's.
 */
async function takeAway(path: string, dead: Holder | null, own: Holder, temporary: string): Promise<void> {
  const turn = `${path}.takeover`;
  if (!(await linkIfFree(temporary, turn))) {
    await sleep(TURN_MS);
    const other = await readHolder(turn);
    if (other !== null && !(await isAlive(other, own, turn))) await rm(turn, { force: true });
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder?.token === dead?.token && holder?.pid === dead?.pid) await rm(path, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder, own: Holder, path: string): Promise<boolean> {
  if (ownTokens.has(holder.token)) return true;
  // Process numbers mean something in one namespace of one running kernel only.
  if (holder.token !== '' && (holder.boot !== own.boot || holder.namespace !== own.namespace)) return isRenewed(path);
  // The same number may be an earlier process's; the same process may be about to take the lock elsewhere in it.
  if (holder.pid === process.pid) return holder.token !== '' && holder.started === own.started;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return holder.started === null || (await startOf(holder.pid)) === holder.started;
}

async function isRenewed(path: string): Promise<boolean> {
  const before = await stat(path).catch(() => null);
  await sleep(WATCH_MS);
  const after = await stat(path).catch(() => null);
  return after !== null && after.mtimeMs !== before?.mtimeMs;
}

async function whereabouts(): Promise<{ boot: string | null; namespace: string | null }> {
  return {
    boot: await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
      (text) => text.trim(),
      () => null,
    ),
    namespace: await readlink('/proc/self/ns/pid').catch(() => null),
  };
}

/** When a process began, where the system tells: process numbers are used again. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
