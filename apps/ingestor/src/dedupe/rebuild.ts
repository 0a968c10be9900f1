import { readFile } from 'node:fs/promises';
import type { DataFile, FileCondition, LakeWriter } from '@analytica/lake';
import { z } from 'zod';
import { importOfLine } from '../log/import-of-line.js';
import type { SealedSegment } from '../log/ingest-log.js';
import type { IdentityHash } from './identity-hash.js';
import { type SeenByOrigin, seenOf } from './seen-posts.js';

const rowSchema = z.object({
  source: z.string(),
  id: z.string(),
  version: z.string().nullable(),
  ingested_at: z.string(),
});

/**
 * Fills the set of seen posts from the lake, and from the segments that are not in it yet. Segments that only another sink lacks say
 * nothing of what the lake has: an import may have been removed from it since.
 * @param segments - those that any sink lacks.
 * @param skipped - is told of a file of the lake that cannot be read at the moment: its posts are not in the set.
 */
export async function rebuildSeen(
  seen: SeenByOrigin,
  hash: IdentityHash,
  lake: LakeWriter,
  segments: readonly SealedSegment[],
  skipped: (file: DataFile, condition: FileCondition) => void,
): Promise<void> {
  for await (const page of lake.inspector.identities(skipped)) {
    const known = seenOf(seen, page.importName);
    for (const { source, id, version, arrivedAt } of page.posts) known.add(...hash(source, id, version), arrivedAt);
  }
  const { committedSeq } = lake.manifest;
  for (const segment of segments.filter(({ lastSeq }) => lastSeq > committedSeq)) {
    const content = await readFile(segment.path);
    for (let at = 0, end = content.indexOf(0x0a); end !== -1; at = end + 1, end = content.indexOf(0x0a, at)) {
      const line = content.toString('utf8', at, end);
      if (!line.startsWith('{"kind":"post",')) continue;
      const { source, id, version, ingested_at } = rowSchema.parse(JSON.parse(line));
      const known = seenOf(seen, importOfLine(content, at, end, segment.hour));
      known.add(...hash(source, id, version), Date.parse(ingested_at));
    }
  }
}
