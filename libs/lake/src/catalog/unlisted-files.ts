import { AppError, MINUTE_MS } from '@analytica/domain';
import type { LakeStore } from '../store/lake-store.js';
import { ERASURE_FILE, FORMER_PINS_FOLDER, LISTED_PATH, LOG_FOLDER, MANIFEST_FILE, RETENTION_FILE } from './layout.js';
import type { Manifest } from './manifest.js';
import type { PinWatch } from './pins.js';

/** How long a file that no manifest lists any more stays for those who read the manifest before. */
export const GRACE_MS = 15 * MINUTE_MS;

/** Files that the manifest no longer lists, and since when: deleted after 15 minutes, if nobody has them pinned. */
export class UnlistedFiles {
  readonly #store: LakeStore;
  readonly #pins: PinWatch;
  readonly #clock: () => number;
  readonly #unlistedSince = new Map<string, number>();
  /** Paths that are being written: an earlier file of the same name may be due. */
  readonly #protected = new Set<string>();
  #removing: Promise<void> = Promise.resolve();

  /** @param clock - milliseconds of a clock that never jumps. */
  constructor(store: LakeStore, pins: PinWatch, clock: () => number) {
    this.#store = store;
    this.#pins = pins;
    this.#clock = clock;
  }

  /**
   * Looks for what a crash left behind, before anything is written: temporary files go at once, and so does what was never
   * listed and stands in the log, which brings it again; files that left the list before go after their time. What was never
   * listed and is not in the log either stays: it may be all there is of its records.
   */
  async scan(manifest: Manifest): Promise<void> {
    const listed = listedPaths(manifest);
    await this.#store.removeUnfinished(isOurs);
    const logBegins = await firstSeqOfLog(this.#store);
    for (const path of await parquetPaths(this.#store)) {
      if (listed.has(path)) continue;
      const { firstSeq, lastSeq } = rangeOf(path);
      if (lastSeq <= manifest.committedSeq) this.#unlistedSince.set(path, this.#clock());
      else if (firstSeq >= logBegins) await this.#store.delete(path);
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
      if (listedPaths(current()).has(path)) {
        this.#unlistedSince.delete(path);
        continue;
      }
      const removing = this.#store.delete(path);
      this.#removing = removing.catch(() => undefined);
      // What fails is tried again in the next sweep.
      await removing;
      this.#unlistedSince.delete(path);
      removed += 1;
    }
    return removed;
  }
}

/**
 * Without a list of files, a crash during the very first commit leaves files that begin with record 1, which stands in the log.
 * @throws AppError `LAKE_CORRUPT` when there are others: the list was lost.
 */
export async function refuseWithoutList(store: LakeStore): Promise<void> {
  const logBegins = await firstSeqOfLog(store);
  const lost = (await parquetPaths(store)).find((path) => rangeOf(path).firstSeq !== 1 || logBegins !== 1);
  if (lost === undefined) return;
  throw new AppError(
    'LAKE_CORRUPT',
    `The lake's list of files, ${store.uriOf(MANIFEST_FILE)}, is gone, but ${lost} is there.`,
  );
}

/** Whether only this writer and the versions before write the objects of a key. */
function isOurs(key: string): boolean {
  return (
    LISTED_PATH.test(key) ||
    [MANIFEST_FILE, RETENTION_FILE, ERASURE_FILE].includes(key) ||
    key.startsWith(`${FORMER_PINS_FOLDER}/`)
  );
}

/** A file's range of the log, which stands in its name. */
function rangeOf(path: string): { readonly firstSeq: number; readonly lastSeq: number } {
  const [, firstSeq, lastSeq] = /(\d{15})-(\d{15})(?:\.r\d+)?\.parquet$/.exec(path) ?? [];
  return { firstSeq: Number(firstSeq), lastSeq: Number(lastSeq) };
}

/** The first record that the log still has room for: where its oldest segment begins. Infinity without a log. */
async function firstSeqOfLog(store: LakeStore): Promise<number> {
  for await (const { key } of store.list(`${LOG_FOLDER}/`)) {
    const [, firstSeq] = /^[^/]+\/(\d{15})\.ndjson$/.exec(key) ?? [];
    if (firstSeq !== undefined) return Number(firstSeq);
  }
  return Infinity;
}

function listedPaths(manifest: Manifest): Set<string> {
  return new Set([...manifest.files, ...manifest.tombstones, ...manifest.unreadable].map((file) => file.path));
}

async function parquetPaths(store: LakeStore): Promise<string[]> {
  const paths: string[] = [];
  for await (const { key } of store.list('')) if (LISTED_PATH.test(key)) paths.push(key);
  return paths;
}
