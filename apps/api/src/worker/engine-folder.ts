import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  forgetHolder,
  type Holder,
  holderSchema,
  keepRenewing,
  livenessOf,
  newHolder,
  RenewalWatch,
  storageError,
} from '@analytica/lake';

const RENEWAL_MS = 60_000;
/** A folder of another machine or container that was not renewed for so long belongs to nobody any more. */
const LIFETIME_MS = 5 * RENEWAL_MS;
const PREFIX = 'engine-';
const HOLDER_FILE = 'holder.json';

export interface EngineFolder {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * A folder for one engine's temporary tables, below `<dataDir>/tmp`: two DuckDB instances in one folder overwrite each other's files.
 * Folders of engines that died are removed: at once where their process can be seen to be gone, else after five minutes without
 * renewal.
 * @throws AppError `DISK_FULL`, `NO_PERMISSION`.
 */
export async function openEngineFolder(dataDir: string): Promise<EngineFolder> {
  const parent = join(dataDir, 'tmp');
  const path = join(parent, PREFIX + randomUUID());
  const holder = await newHolder();
  const watch = new RenewalWatch();
  try {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, HOLDER_FILE), JSON.stringify(holder));
    await removeDeadFolders(parent, watch);
  } catch (error) {
    forgetHolder(holder);
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
    throw storageError(error, parent) ?? error;
  }
  const stop = keepRenewing(async () => {
    const now = new Date();
    await utimes(join(path, HOLDER_FILE), now, now);
    await removeDeadFolders(parent, watch);
  }, RENEWAL_MS);
  return {
    path,
    async close() {
      stop();
      forgetHolder(holder);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/**
 * Removes folders whose engine is gone. One that is being made, or that a version before made, has no holder: it is watched
 * as one of another machine.
 * @param watch - what was seen of the folders before.
 */
export async function removeDeadFolders(parent: string, watch: RenewalWatch): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    const holder = await readHolder(path);
    const liveness = holder === null ? 'unknown' : await livenessOf(holder);
    const isDead = liveness === 'gone' || (liveness === 'unknown' && (await isSilent(path, holder, watch)));
    if (isDead) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isSilent(path: string, holder: Holder | null, watch: RenewalWatch): Promise<boolean> {
  const info = await stat(holder === null ? path : join(path, HOLDER_FILE)).catch(() => null);
  return info !== null && (watch.unchangedFor(path, info.mtimeMs) ?? 0) > LIFETIME_MS;
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(join(path, HOLDER_FILE), 'utf8')));
  } catch {
    return null;
  }
}
