import { resolve } from 'node:path';
import { AppError } from '@analytica/domain';
import { manifestId, readManifest } from './manifest-store.js';
import type { Snapshot } from './manifest.js';

/**
 * What the lake in `root` holds now. The files stay readable for 15 minutes at least; pin a snapshot that is used for longer.
 * @throws AppError `LAKE_EMPTY` (retryable) before anything was captured, `LAKE_CORRUPT`, `NO_PERMISSION`.
 */
export async function readSnapshot(root: string): Promise<Snapshot> {
  const manifest = await readManifest(root);
  if (manifest === null || manifest.committedSeq === 0) {
    throw new AppError('LAKE_EMPTY', 'Nothing has been captured yet: wait for the first posts to arrive.', {
      retryable: true,
    });
  }
  return { id: manifestId(manifest), root: resolve(root), manifest };
}
