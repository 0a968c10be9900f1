import { readFile } from 'node:fs/promises';
import type { DeleteRow, Post } from '@analytica/domain';
import type { IdentityHash } from '../dedupe/identity-hash.js';
import { POST_PREFIX, TOMBSTONE_PREFIX } from '../log/commit-line.js';
import { importOfLine } from '../log/import-of-line.js';
import type { SealedSegment } from '../log/ingest-log.js';
import { isOriginal, keyOf, postEntry, removalEntry } from './original-entry.js';
import type { RecentOriginals } from './recent-originals.js';

const NEWLINE = 0x0a;
/** Quotes within a text are escaped, so that these bytes are the field wherever they stand. */
const BLUESKY = Buffer.from('"source":"bluesky"');

/**
 * Tells the recent originals of the records that only the log has.
 * @param segments - closed ones, oldest first.
 * @param after - the last record that the originals know.
 */
export async function replaySegments(
  originals: RecentOriginals,
  hash: IdentityHash,
  segments: readonly SealedSegment[],
  after: number,
): Promise<void> {
  for (const segment of segments) {
    if (segment.lastSeq <= after) continue;
    const content = await readFile(segment.path);
    let sequence = segment.firstSeq - 1;
    for (let at = 0, end = content.indexOf(NEWLINE); end !== -1; at = end + 1, end = content.indexOf(NEWLINE, at)) {
      const isPost = startsWith(content, at, POST_PREFIX);
      if (!isPost && !startsWith(content, at, TOMBSTONE_PREFIX)) continue;
      sequence += 1;
      const line = content.subarray(at, end);
      if (sequence <= after || !line.includes(BLUESKY)) continue;
      // The log's own lines, whose checksums were looked at when it was opened.
      const row = JSON.parse(line.toString('utf8')) as Post | DeleteRow;
      const entry = isPost
        ? postEntryOf(row as Post, importOfLine(content, at, end, segment.hour))
        : removalEntry(row as DeleteRow);
      if (entry !== null) originals.add(entry, sequence, hash(row.source, keyOf(entry, 0), null));
    }
  }
}

function postEntryOf(post: Post, importName: string | null): Buffer | null {
  return isOriginal(post) ? postEntry(post, importName) : null;
}

function startsWith(content: Buffer, at: number, prefix: Buffer): boolean {
  return content.compare(prefix, 0, prefix.length, at, Math.min(at + prefix.length, content.length)) === 0;
}
