import { AppError } from '@analytica/domain';
import { openStore } from '../store/open-store.js';
import { manifestId, readManifest } from './manifest-store.js';
import type { ListedFile, Snapshot } from './manifest.js';

/**
 * What a lake holds now. The files stay readable for 15 minutes at least; pin a snapshot that is used for longer.
 * @param root - path or URI of the lake.
 * @throws AppError `LAKE_EMPTY` (retryable) before anything was captured, `LAKE_CORRUPT`, `NO_PERMISSION`.
 */
export async function readSnapshot(root: string): Promise<Snapshot> {
  const manifest = await readManifest(root);
  if (manifest === null || manifest.committedSeq === 0) {
    throw new AppError('LAKE_EMPTY', 'Nothing has been captured yet: wait for the first posts to arrive.', {
      retryable: true,
    });
  }
  return { id: manifestId(manifest), root: openStore(root).uri, manifest };
}

/** Where an engine finds a file of a snapshot: an absolute path on this machine, or a URI with a scheme. */
export function fileUri(snapshot: Pick<Snapshot, 'root'>, file: Pick<ListedFile, 'path'>): string {
  return `${snapshot.root}/${file.path}`;
}

/** Size of a file of a snapshot, in bytes, as it lies in the store now; null where it is gone. */
export async function storedBytes(
  snapshot: Pick<Snapshot, 'root'>,
  file: Pick<ListedFile, 'path'>,
): Promise<number | null> {
  return (await openStore(snapshot.root).head(file.path))?.bytes ?? null;
}
