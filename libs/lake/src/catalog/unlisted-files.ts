import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AppError, MINUTE_MS } from '@analytica/domain';
import { DATA_PATH, MANIFEST_FILE, TEMPORARY_SUFFIX, TOMBSTONE_PATH } from './layout.js';
import type { Manifest } from './manifest.js';
import { PinWatch } from './pins.js';

/** How long a file that no manifest lists any more stays for those who read the manifest before. */
export const GRACE_MS = 15 * MINUTE_MS;

/** Files that the manifest no longer lists, and since when: deleted after 15 minutes, if nobody has them pinned. */
export class UnlistedFiles {
  readonly #root: string;
  readonly #pins: PinWatch;
  readonly #clock: () => number;
  readonly #unlistedSince = new Map<string, number>();
  /** Paths that are being written: an earlier file of the same name may be due. */
  readonly #protected = new Set<string>();
  #removing: Promise<void> = Promise.resolve();

  /** @param clock - milliseconds of a clock that never jumps. */
  constructor(root: string, clock: () => number) {
    this.#root = root;
    this.#clock = clock;
    this.#pins = new PinWatch(root, clock);
  }

  /**
   * Looks for what a crash left behind, before anything is written: temporary files go at once, and so does what was never
   * listed, because its part of the log is not in the lake; files that left the list before go after their time.
   */
  async scan(manifest: Manifest): Promise<void> {
    const listed = listedPaths(manifest);
    for (const path of await parquetPaths(this.#root)) {
      if (listed.has(path)) continue;
      if (path.endsWith(TEMPORARY_SUFFIX) || lastSeqOf(path) > manifest.committedSeq) await this.#remove(path);
      else this.#unlistedSince.set(path, this.#clock());
    }
  }

  add(paths: Iterable<string>): void {
    const now = this.#clock();
    for (const path of paths) this.#unlistedSince.set(path, now);
  }

  /** Keeps paths from being deleted while `action` writes and lists them. */
  async protect<T>(paths: readonly string[], action: () => Promise<T>): Promise<T> {
    for (const path of paths) this.#protected.add(path);
    try {
      await this.#removing;
      return await action();
    } finally {
      for (const path of paths) this.#protected.delete(path);
    }
  }

  /**
   * Deletes what is due.
   * @param current - the manifest as it is when asked: it may change between two files.
   * @returns how many files went.
   */
  async sweep(current: () => Manifest): Promise<number> {
    const now = this.#clock();
    const due = [...this.#unlistedSince].filter(([, since]) => now - since >= GRACE_MS).map(([path]) => path);
    if (due.length === 0) return 0;
    const pinned = await this.#pins.pinnedPaths();
    let removed = 0;
    for (const path of due) {
      if (pinned.has(path) || this.#protected.has(path)) continue;
      this.#unlistedSince.delete(path);
      if (listedPaths(current()).has(path)) continue;
      const removing = this.#remove(path);
      this.#removing = removing.catch(() => undefined);
      await removing;
      removed += 1;
    }
    return removed;
  }

  async #remove(path: string): Promise<void> {
    await rm(join(this.#root, path), { force: true });
    await removeEmptyFolders(this.#root, dirname(path));
  }
}

/**
 * Without a list of files, a crash during the very first commit leaves files that begin with record 1, and no others.
 * @throws AppError `LAKE_CORRUPT` when there are others: the list was lost, and they would be deleted as never listed.
 */
export async function refuseWithoutList(root: string): Promise<void> {
  const later = (await parquetPaths(root)).find((path) => !/\/0{14}1-\d{15}\.parquet/.test(path));
  if (later === undefined) return;
  throw new AppError(
    'LAKE_CORRUPT',
    `The lake's list of files, ${join(root, MANIFEST_FILE)}, is gone, but ${later} is there.`,
  );
}

/** The end of a file's range of the log, which stands in its name. */
function lastSeqOf(path: string): number {
  return Number(/-(\d{15})\.parquet$/.exec(path)?.[1] ?? NaN);
}

/** An hour that is gone leaves no empty folders; the first that is not empty ends it. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let current = folder; current !== '.'; current = dirname(current)) {
    try {
      await rmdir(join(root, current));
    } catch {
      return;
    }
  }
}

function listedPaths(manifest: Manifest): Set<string> {
  return new Set([...manifest.files, ...manifest.tombstones, ...manifest.unreadable].map((file) => file.path));
}

async function parquetPaths(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => {
      const name = path.endsWith(TEMPORARY_SUFFIX) ? path.slice(0, -TEMPORARY_SUFFIX.length) : path;
      return DATA_PATH.test(name) || TOMBSTONE_PATH.test(name);
    });
}
