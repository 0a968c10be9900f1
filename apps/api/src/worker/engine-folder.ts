import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { storageError } from '@analytica/lake';

const RENEWAL_MS = 60_000;
/** A folder of another machine or container that was not renewed for so long belongs to nobody any more. */
const LIFETIME_MS = 5 * RENEWAL_MS;
const NAME = /^engine-(\d+)-([0-9a-f]{8})-[0-9a-f]{8}$/;

/** Folders of this process. A process id comes again after a restart; these names do not. */
const own = new Set<string>();

export interface EngineFolder {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * A folder for one engine's temporary tables, below `<dataDir>/tmp`: two DuckDB instances in one folder overwrite each other's files.
 * Folders of engines that died are removed first.
 * @throws AppError `DISK_FULL`, `NO_PERMISSION`.
 */
export async function openEngineFolder(dataDir: string): Promise<EngineFolder> {
  const parent = join(dataDir, 'tmp');
  const name = `engine-${String(process.pid)}-${processSpace()}-${randomBytes(4).toString('hex')}`;
  const path = join(parent, name);
  own.add(name);
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    own.delete(name);
    throw storageError(error, parent) ?? error;
  }
  await removeDead(parent, Date.now());
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, RENEWAL_MS);
  renewal.unref();
  return {
    path,
    async close() {
      clearInterval(renewal);
      own.delete(name);
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function removeDead(parent: string, now: number): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, space] = NAME.exec(name) ?? [];
    if (pid === undefined || own.has(name)) continue;
    const path = join(parent, name);
    const dead = space === processSpace() ? !isAlive(Number(pid)) : now - (await lastSign(path)) > LIFETIME_MS;
    if (dead) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false; // an earlier process of the same number: ours are known
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function lastSign(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
}

/** Whose process ids can be asked after from here: this machine's, or this container's. */
function processSpace(): string {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: the machine's name will do.
  }
  return createHash('sha256').update(`${hostname()} ${space}`).digest('hex').slice(0, 8);
}
