import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { type LakeLocation, LakeWriter, LOG_FOLDER } from '@analytica/lake';
import { identityHash, newHashKey } from '../dedupe/identity-hash.js';
import { IngestLog, type SealedSegment } from '../log/ingest-log.js';
import { initialState } from '../log/log-state.js';
import { OriginalsFiles } from '../originals/originals-files.js';
import { RecentOriginals } from '../originals/recent-originals.js';
import { replaySegments } from '../originals/replay-segments.js';
import { lockRoot } from '../root-lock.js';
import { lakeFigures } from '../status/status-board.js';

/** A lake and its log, which nobody else changes meanwhile. */
export interface WritableLake {
  readonly lake: LakeWriter;
  readonly log: IngestLog;
  /** Segments that the log still has. */
  readonly sealed: readonly SealedSegment[];
}

/**
 * Opens a lake for writing, brings into it what only its log has, and gives it to `action`. The log keeps its segments: the next
 * start deletes them.
 * @throws AppError `CONFIG_INVALID` while an ingestor writes into the lake, `LAKE_CORRUPT`; whatever the disk throws.
 */
export async function withLakeWriter<T>(
  location: LakeLocation,
  action: (parts: WritableLake) => Promise<T>,
): Promise<T> {
  const { root } = location;
  const lock = await lockRoot(root).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'CONFIG_INVALID') throw error;
    throw new AppError('CONFIG_INVALID', `An ingestor writes in ${root}: stop it, then give the command again.`, {
      cause: error,
    });
  });
  try {
    // A command deletes nothing by age.
    const lake = await LakeWriter.open(location, { retentionDays: 0 });
    try {
      const { committedSeq } = lake.manifest;
      const initial = initialState(committedSeq, lakeFigures(lake.manifest).posts);
      // Whatever the lake has, another sink may lack: no segment is deleted here.
      const { log, sealed } = await IngestLog.open(join(root, LOG_FOLDER), initial, [0, committedSeq]);
      try {
        for (const segment of sealed) await lake.commitSegment(segment, segment.arrivedAt);
        return await action({ lake, log, sealed });
      } finally {
        await log.close();
      }
    } finally {
      await lake.close();
    }
  } finally {
    await lock.release();
  }
}

/** Takes an import's posts out of those that later reposts have at hand (docs/counting.md, rule 25). */
export async function forgetOriginals(parts: WritableLake, importName: string): Promise<void> {
  const { originals, files } = await openOriginals(parts);
  originals.forgetImport(importName);
  await files.rewrite();
}

/** Takes deleted posts, and those of hidden authors, out of the files of those that later reposts have at hand (rule 28). */
export async function eraseOriginals(parts: WritableLake): Promise<void> {
  const { files } = await openOriginals(parts);
  await files.rewrite();
}

/** The recent originals as of the log's last record, in memory and in their files. */
async function openOriginals({ lake, sealed }: WritableLake) {
  const hash = identityHash(newHashKey());
  const originals = new RecentOriginals(hash);
  const { files } = await OriginalsFiles.open(join(lake.root, LOG_FOLDER), originals);
  // The log keeps its segments: without this, the next start would bring back from there what is taken away here.
  await replaySegments(originals, hash, sealed, files.savedSequence);
  await files.save(Math.max(files.savedSequence, ...sealed.map(({ lastSeq }) => lastSeq)));
  return { originals, files };
}
