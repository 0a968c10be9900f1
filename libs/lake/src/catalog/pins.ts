import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MINUTE_MS } from '@analytica/domain';
import { z } from 'zod';
import { PINS_FOLDER, TEMPORARY_SUFFIX } from './layout.js';
import type { Snapshot } from './manifest.js';
import { storageError } from '../store/storage-error.js';

/** A pin that was not renewed for so long belongs to a process that is gone. */
export const PIN_LIFETIME_MS = 5 * MINUTE_MS;
const RENEWAL_MS = 60_000;
/** Pins that nobody renews, by design. */
const KEPT_SUFFIX = '.held.json';
const KEPT_LIFETIME_MS = 15 * MINUTE_MS;

const pinSchema = z.object({ runId: z.string(), files: z.array(z.string()) });

/** Keeps a snapshot's files on disk until `unpin` is called or the process ends. */
export interface Pin {
  unpin(): Promise<void>;
}

/**
 * Says that a run reads these files, so that the ingestor does not delete them: a file in `<root>/pins`, renewed every minute.
 * @throws AppError `DISK_FULL`, `NO_PERMISSION`.
 */
export async function pinSnapshot(snapshot: Snapshot, runId: string): Promise<Pin> {
  const path = pinPath(snapshot, runId);
  await writePin(snapshot, runId, path);
  // A renewal that fails costs nothing yet: the next one, or the pin's remaining minutes, cover it.
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => writePin(snapshot, runId, path).catch(() => undefined));
  }, RENEWAL_MS);
  renewal.unref();
  return {
    async unpin() {
      clearInterval(renewal);
      await rm(path, { force: true });
    },
  };
}

/**
 * Keeps a snapshot's files for 15 minutes from now, whatever becomes of this process. One pin a snapshot: once more makes it
 * longer.
 * @throws AppError `DISK_FULL`, `NO_PERMISSION`.
 */
export async function keepSnapshot(snapshot: Snapshot): Promise<void> {
  await writePin(snapshot, 'held', pinPath(snapshot, snapshot.id, KEPT_SUFFIX));
}

function pinPath(snapshot: Snapshot, name: string, suffix = '.json'): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return join(snapshot.root, PINS_FOLDER, hash + suffix);
}

async function writePin(snapshot: Snapshot, runId: string, path: string): Promise<void> {
  const { files, tombstones } = snapshot.manifest;
  const content = JSON.stringify({ runId, files: [...files, ...tombstones].map((file) => file.path) });
  const folder = dirname(path);
  const temporary = `${path}.${randomBytes(4).toString('hex')}${TEMPORARY_SUFFIX}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    throw storageError(error, folder) ?? error;
  }
}

interface Sighting {
  readonly mtimeMs: number;
  /** When this process first saw it so, by its own clock. */
  readonly since: number;
}

/**
 * Which pins live. A pin that nobody renewed while this process watched for five minutes has expired: the wall clock, which may
 * jump, has no say in it.
 */
export class PinWatch {
  readonly #root: string;
  readonly #clock: () => number;
  #seen = new Map<string, Sighting>();

  /** @param clock - milliseconds of a clock that never jumps. */
  constructor(root: string, clock: () => number = () => performance.now()) {
    this.#root = root;
    this.#clock = clock;
  }

  /** Paths (relative to the root) that living pins list. Pins that have expired are removed. */
  async pinnedPaths(): Promise<Set<string>> {
    const folder = join(this.#root, PINS_FOLDER);
    const now = this.#clock();
    const pinned = new Set<string>();
    const seen = new Map<string, Sighting>();
    for (const name of await readdir(folder).catch(() => [] as string[])) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      if (info === null) continue;
      const before = this.#seen.get(name);
      const sighting = before?.mtimeMs === info.mtimeMs ? before : { mtimeMs: info.mtimeMs, since: now };
      if (now - sighting.since > (name.endsWith(KEPT_SUFFIX) ? KEPT_LIFETIME_MS : PIN_LIFETIME_MS)) {
        await rm(path, { force: true });
        continue;
      }
      seen.set(name, sighting);
      if (name.endsWith('.json')) for (const file of await pinnedBy(path)) pinned.add(file);
    }
    this.#seen = seen;
    return pinned;
  }
}

async function pinnedBy(path: string): Promise<readonly string[]> {
  try {
    return pinSchema.parse(JSON.parse(await readFile(path, 'utf8'))).files;
  } catch {
    // Unpinned while we looked, or not a pin.
    return [];
  }
}
