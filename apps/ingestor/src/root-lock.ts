import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';

const LOCK_FILE = 'ingestor.lock';

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
  for (let attempt = 0; ; attempt += 1) {
    try {
      const handle = await open(path, 'wx');
      await handle.writeFile(JSON.stringify({ pid: process.pid, started: await startOf(process.pid) }));
      await handle.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt > 2) throw error;
    }
    const holder = await readHolder(path);
    if (holder !== null && (await isAlive(holder))) {
      throw new AppError(
        'CONFIG_INVALID',
        `Another ingestor (process ${String(holder.pid)}) writes in ${root}: stop it, or set DATA_DIR to another folder.`,
      );
    }
    await rm(path, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  readonly started: string | null;
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null;
    return { pid: value.pid, started: 'started' in value && typeof value.started === 'string' ? value.started : null };
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return holder.started === null || (await startOf(holder.pid)) === holder.started;
}

/** When a process began, where the system tells: process numbers are used again. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
