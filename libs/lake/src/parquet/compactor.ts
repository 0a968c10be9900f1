import { dataPath, tombstonePath } from '../catalog/layout.js';
import type { DataFile, ListedFile, Manifest, TombstoneFile } from '../catalog/manifest.js';
import type { LakeInspector } from '../integrity/lake-inspector.js';
import { holdsTombstones } from '../integrity/set-aside.js';
import type { LakeStore } from '../store/lake-store.js';
import { storageError } from '../store/storage-error.js';
import { planCompaction } from './compaction.js';
import { LakeDatabase } from './lake-database.js';
import { mergeDataFiles, mergeTombstoneFiles } from './parquet-writer.js';

/** Beyond it, sorting spills to the disk. */
const MEMORY_MIB = 256;
/** When files are merged again that could not be, though each of them is whole. */
const AGAIN_MS = 60 * 60_000;

/** What several files became. */
export type MergedFile = { readonly file: DataFile } | { readonly tombstones: TombstoneFile };

export interface CompactorParts {
  readonly store: LakeStore;
  /** A folder of this machine that DuckDB may spill into. */
  readonly spillFolder: string;
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number;
  readonly inspector: LakeInspector;
  /** Lists what `merge` writes at `path` instead of a group of files. */
  readonly replace: (group: readonly ListedFile[], path: string, merge: () => Promise<MergedFile>) => Promise<void>;
}

/** Rewrites hours that have many files as one file each. */
export class Compactor {
  readonly #parts: CompactorParts;
  /** Groups of files that could not be merged, and when to try again. */
  readonly #againAt = new Map<string, number>();

  constructor(parts: CompactorParts) {
    this.#parts = parts;
  }

  /**
   * Rewrites what is due of a manifest's files.
   * @returns how many files became fewer.
   * @throws AggregateError of what failed, after the rest.
   */
  async compact(manifest: Manifest, now: number, signal: AbortSignal): Promise<number> {
    const { unreadable } = manifest;
    const isDue = (group: readonly ListedFile[]): boolean =>
      this.#parts.clock() >= (this.#againAt.get(namesOf(group)) ?? -Infinity);
    const [badTombstones, badFiles] = [
      unreadable.filter(holdsTombstones),
      unreadable.filter((file) => !holdsTombstones(file)),
    ];
    const files = planCompaction(manifest.files, now, badFiles).filter(isDue);
    const tombstones = planCompaction(manifest.tombstones, now, badTombstones).filter(isDue);
    if (files.length + tombstones.length === 0) return 0;
    const { store, spillFolder: temporaryFolder } = this.#parts;
    const database = await LakeDatabase.open({ memoryMiB: MEMORY_MIB, threads: 1, temporaryFolder });
    let fewer = 0;
    const errors: unknown[] = [];
    try {
      for (const group of files) {
        if (signal.aborted) break;
        const merge = async (): Promise<MergedFile> => ({ file: await mergeDataFiles(database, store, group) });
        fewer += await this.#rewrite(group, pathOf(group, group[0]?.importName ?? null), merge, errors);
      }
      for (const group of tombstones) {
        if (signal.aborted) break;
        const merge = async (): Promise<MergedFile> => ({
          tombstones: await mergeTombstoneFiles(database, store, group),
        });
        fewer += await this.#rewrite(group, tombstonePathOf(group), merge, errors);
      }
    } finally {
      database.close();
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, `${String(errors.length)} of the lake's hours could not be rewritten.`);
    }
    return fewer;
  }

  async #rewrite(
    group: readonly ListedFile[],
    path: string,
    merge: () => Promise<MergedFile>,
    errors: unknown[],
  ): Promise<number> {
    const { inspector, store, clock, replace } = this.#parts;
    try {
      await replace(group, path, merge);
      return group.length - 1;
    } catch (error) {
      if (await inspector.check(group)) return 0;
      errors.push(error);
      if (storageError(error, store.uri) === null) this.#againAt.set(namesOf(group), clock() + AGAIN_MS);
      return 0;
    }
  }
}

function pathOf(group: readonly ListedFile[], importName: string | null): string {
  return dataPath(group[0]?.hour ?? 0, firstOf(group), lastOf(group), importName);
}

function tombstonePathOf(group: readonly ListedFile[]): string {
  return tombstonePath(group[0]?.hour ?? 0, firstOf(group), lastOf(group));
}

function firstOf(group: readonly ListedFile[]): number {
  return Math.min(...group.map(({ firstSeq }) => firstSeq));
}

function lastOf(group: readonly ListedFile[]): number {
  return Math.max(...group.map(({ lastSeq }) => lastSeq));
}

function namesOf(group: readonly ListedFile[]): string {
  return group.map(({ path }) => path).join(' ');
}
