import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '@analytica/domain';
import { defaultLake, type LakeKind, type LakeWriter } from '@analytica/lake';
import type { SealedSegment } from '../../log/ingest-log.js';

const HEAD_BYTES = 1_048_576;

/**
 * States in the lake which kind of posts fills it.
 * @param segments - what the log holds and the lake does not have yet.
 * @throws AppError `CONFIG_INVALID` where the lake holds posts of the other kind.
 */
export async function claimLake(lake: LakeWriter, segments: readonly SealedSegment[], kind: LakeKind): Promise<void> {
  const held = (await lake.kindOfPosts()) ?? (await kindOfSegments(segments));
  if (held !== null && held !== kind) {
    const [has, gets] = held === 'demo' ? ['demo data', 'real posts'] : ['real posts', 'demo data'];
    throw new AppError(
      'CONFIG_INVALID',
      `The lake in ${lake.root} holds ${has} and takes no ${gets}: set LAKE to another name, such as ${otherName(lake, kind)}.`,
    );
  }
  await lake.setKind(kind);
}

function otherName(lake: LakeWriter, kind: LakeKind): string {
  const name = defaultLake(kind);
  return lake.root.endsWith(`/${name}`) ? `${name}-2` : name;
}

/** By the first post in the log; null without one. */
async function kindOfSegments(segments: readonly SealedSegment[]): Promise<LakeKind | null> {
  const withPosts = segments.find(({ posts }) => posts > 0);
  if (withPosts === undefined) return null;
  const file: FileHandle = await open(withPosts.path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    // Quotes within a text are escaped, so that these bytes are the field wherever they stand.
    return head.subarray(0, bytesRead).includes('"source":"demo"') ? 'demo' : 'real';
  } finally {
    await file.close();
  }
}
