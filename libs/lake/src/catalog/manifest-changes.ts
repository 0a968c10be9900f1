import type { WrittenFiles } from '../parquet/parquet-writer.js';
import type { ListedFile, Manifest, UnreadableFile } from './manifest.js';
import { eventsKey, postsKey, tombstonesKey } from './retention.js';

/** The list without these files, those that were set aside too. */
export function withoutFiles(manifest: Manifest, paths: ReadonlySet<string>): Manifest {
  const isKept = ({ path }: { readonly path: string }): boolean => !paths.has(path);
  return {
    ...manifest,
    files: manifest.files.filter(isKept),
    tombstones: manifest.tombstones.filter(isKept),
    unreadable: manifest.unreadable.filter(isKept),
  };
}

/** The files that go with these keys of the retention. Imports stay. */
export function expiredFiles({ files, tombstones, unreadable }: Manifest, expired: ReadonlySet<string>): Set<string> {
  const isExpired = ({ importName, minCreatedAt, hour }: UnreadableFile): boolean =>
    importName === null && expired.has(minCreatedAt === null ? tombstonesKey(hour) : postsKey(hour));
  const gone = [
    ...files.filter((file) => file.importName === null && expired.has(postsKey(file.hour))),
    ...tombstones.filter((file) => expired.has(tombstonesKey(file.hour))),
    ...unreadable.filter(isExpired),
  ];
  return new Set(gone.map(({ path }) => path));
}

/** States of the events of these keys that they have been there for 30 days; the same manifest where there are none. */
export function withMatured(manifest: Manifest, expired: ReadonlySet<string>): Manifest {
  const isMatured = ({ hour }: ListedFile): boolean => expired.has(eventsKey(hour));
  if (!manifest.tombstones.some(isMatured)) return manifest;
  const tombstones = manifest.tombstones.map((file) => (isMatured(file) ? { ...file, matured: true as const } : file));
  return { ...manifest, tombstones };
}

/** The list with what a repair made in the place of a file that was set aside. @param lost - rows that the file had and that are not in what was made. */
export function withRepaired(manifest: Manifest, path: string, made: WrittenFiles, lost: number): Manifest {
  return {
    ...manifest,
    files: [...manifest.files, ...made.files],
    tombstones: [...manifest.tombstones, ...made.tombstones],
    unreadable: manifest.unreadable.filter((file) => file.path !== path),
    lostRecords: manifest.lostRecords + lost,
  };
}
