import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { DATA_PATH, MANIFEST_FILE, TEMPORARY_SUFFIX, TOMBSTONE_PATH } from './layout.js';
import type { Manifest } from './manifest.js';
import { pinnedPaths } from './pins.js';

/** How long a file that no manifest lists any more stays for those who read the manifest before. */
export const GRACE_MS = 15 * 60_000;

/** Files that the manifest no longer lists, and since when: deleted after 15 minutes, if nobody has them pinned. */
export class Garbage {
  readonly #root: string;
  readonly #unlistedSince = new Map<string, number>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Looks for what a crash left behind: temporary files go at once, unlisted ones after their time. */
  async scan(manifest: Manifest, now: number): Promise<void> {
    const listed = listedPaths(manifest);
    // The manifest has listed nothing else since it was written.
    const info = await stat(join(this.#root, MANIFEST_FILE)).catch(() => null);
    for (const path of await parquetPaths(this.#root)) {
      if (path.endsWith(TEMPORARY_SUFFIX)) await rm(join(this.#root, path), { force: true });
      else if (!listed.has(path)) this.#unlistedSince.set(path, info?.mtimeMs ?? now);
    }
  }

  add(paths: Iterable<string>, now: number): void {
    for (const path of paths) this.#unlistedSince.set(path, now);
  }

  /** Deletes what is due. @returns how many files went. */
  async sweep(manifest: Manifest, now: number): Promise<number> {
    const due = [...this.#unlistedSince].filter(([, since]) => now - since >= GRACE_MS).map(([path]) => path);
    if (due.length === 0) return 0;
    const listed = listedPaths(manifest);
    const pinned = await pinnedPaths(this.#root);
    let removed = 0;
    for (const path of due) {
      if (pinned.has(path)) continue;
      this.#unlistedSince.delete(path);
      if (listed.has(path)) continue;
      await rm(join(this.#root, path), { force: true });
      await removeEmptyFolders(this.#root, dirname(path));
      removed += 1;
    }
    return removed;
  }
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
  return new Set([...manifest.files, ...manifest.tombstones].map((file) => file.path));
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
