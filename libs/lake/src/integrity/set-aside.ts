import type { DataFile, Manifest, TombstoneFile, UnreadableFile } from '../catalog/manifest.js';
import type { FileDamage } from './file-condition.js';

/** A listed file that cannot be read. */
export interface DamagedFile {
  readonly path: string;
  readonly damage: FileDamage;
}

/** What a file of tombstones has not. */
const NO_TIMES = { minCreatedAt: null, maxCreatedAt: null, importName: null };

/**
 * The manifest with some files taken from its lists to `unreadable`. Paths that it does not list are left out; without any
 * that it lists, it is the same manifest.
 * @param since - now, epoch ms.
 */
export function setAside(manifest: Manifest, damaged: readonly DamagedFile[], since: number): Manifest {
  const damageOf = new Map(damaged.map(({ path, damage }) => [path, damage]));
  const unreadable: UnreadableFile[] = [];
  const isReadable = (file: DataFile | TombstoneFile): boolean => {
    const reason = damageOf.get(file.path);
    if (reason !== undefined) unreadable.push({ ...NO_TIMES, ...file, reason, since });
    return reason === undefined;
  };
  const files = manifest.files.filter(isReadable);
  const tombstones = manifest.tombstones.filter(isReadable);
  if (unreadable.length === 0) return manifest;
  return { ...manifest, files, tombstones, unreadable: [...manifest.unreadable, ...unreadable] };
}

/** Whether a file that was set aside holds tombstones; else it holds posts. */
export function holdsTombstones(file: UnreadableFile): boolean {
  return file.minCreatedAt === null;
}
