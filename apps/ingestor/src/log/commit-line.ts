import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { type LogState, logStateSchema } from './log-state.js';

/** First bytes of each kind of line. The log is its only writer, so that this is enough to tell them apart. */
export const POST_PREFIX = Buffer.from('{"kind":"post",');
export const TOMBSTONE_PREFIX = Buffer.from('{"kind":"tombstone",');
export const COMMIT_PREFIX = Buffer.from('{"kind":"commit",');

const commitSchema = z.object({
  kind: z.literal('commit'),
  /** Length and checksum of the batch that ends here: a power cut may leave this line and lose pages before it. */
  bytes: z.int().nonnegative(),
  crc: z.int().nonnegative(),
  state: logStateSchema,
});
export type Commit = z.infer<typeof commitSchema>;

/** The line that makes the batch before it count. */
export function commitLine(batch: Uint8Array, state: LogState): Buffer {
  const commit: Commit = { kind: 'commit', bytes: batch.length, crc: crc32(batch), state };
  return Buffer.from(JSON.stringify(commit) + '\n');
}

/** The commit in a line, if it is one and the batch before it is whole. */
export function parseCommit(line: Buffer, batch: Buffer): Commit | null {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = commitSchema.safeParse(value);
  if (!parsed.success) return null;
  return parsed.data.bytes === batch.length && parsed.data.crc === crc32(batch) ? parsed.data : null;
}
