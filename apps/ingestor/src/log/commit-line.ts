import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { type LogState, logStateSchema } from './log-state.js';

/** First bytes of each kind of line. The log is its only writer, so that this is enough to tell them apart. */
export const POST_PREFIX = Buffer.from('{"kind":"post",');
export const TOMBSTONE_PREFIX = Buffer.from('{"kind":"tombstone",');
export const COMMIT_PREFIX = Buffer.from('{"kind":"commit",');

/** The batch of a commit that only states what holds. */
export const NOTHING = new Uint8Array(0);

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

const frameSchema = z.object({ kind: z.literal('commit'), bytes: z.int().nonnegative(), crc: z.int().nonnegative() });

/** What stands in a line that begins as a commit does, with the bytes before it that it may speak of. */
export type CommitReading = Commit | 'torn' | 'unknown';

/** The commit in a line: `torn` where it or its batch is not whole, `unknown` where both are, but it says what we do not know. */
export function readCommit(line: Buffer, before: Buffer): CommitReading {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return 'torn';
  }
  const frame = frameSchema.safeParse(value);
  if (!frame.success || frame.data.bytes > before.length) return 'torn';
  if (frame.data.crc !== crc32(before.subarray(before.length - frame.data.bytes))) return 'torn';
  return commitSchema.safeParse(value).data ?? 'unknown';
}
