import { hourOf } from '@analytica/lake';
import { COMMIT_PREFIX, readCommit, POST_PREFIX, TOMBSTONE_PREFIX } from './commit-line.js';
import { countImports } from './import-of-line.js';
import type { LogState } from './log-state.js';

export interface RecoveredSegment {
  /** Length of what counts: up to the last whole commit. What follows was never acknowledged. */
  readonly bytes: number;
  readonly posts: number;
  readonly tombstones: number;
  /** Arrival hour of its records, or null when it has none. */
  readonly hour: number | null;
  /** Posts of each import, by its name. */
  readonly imports: ReadonlyMap<string, number>;
  /** Null when not even the first line is whole. */
  readonly state: LogState | null;
  /** What was cut off: bytes, and lines begun in them. */
  readonly cutBytes: number;
  readonly cutLines: number;
  /** Why this is not the end that a crash leaves, so that nothing may be cut off; null where it is. */
  readonly damage: string | null;
}

/** Damage that is none: another version of this program can read the segment. */
export const OTHER_VERSION = 'a batch is whole, but was committed by another version of this program';

const NEWLINE = 0x0a;
const COMMIT_LINE = Buffer.concat([Buffer.from([NEWLINE]), COMMIT_PREFIX]);

/**
 * Reads a segment as a crash may have left it, and says up to where it counts.
 * @param isLast - whether it is the last of the log: only its end can be torn.
 */
export function recoverSegment(content: Buffer, isLast: boolean): RecoveredSegment {
  let counted = { bytes: 0, posts: 0, tombstones: 0 };
  let hour: number | null = null;
  let state: LogState | null = null;
  let posts = 0;
  let tombstones = 0;
  let damage: string | null = null;
  let at = 0;
  for (;;) {
    const end = content.indexOf(NEWLINE, at);
    if (end === -1) break;
    if (startsWith(content, at, POST_PREFIX)) posts += 1;
    else if (startsWith(content, at, TOMBSTONE_PREFIX)) tombstones += 1;
    else if (startsWith(content, at, COMMIT_PREFIX)) {
      const commit = readCommit(content.subarray(at, end), content.subarray(counted.bytes, at));
      if (commit === 'unknown') damage = OTHER_VERSION;
      if (typeof commit === 'string' || commit.bytes !== at - counted.bytes) break;
      if (hour === null && posts + tombstones > 0) hour = hourOf(commit.state.arrivedAt);
      state = commit.state;
      counted = { bytes: end + 1, posts, tombstones };
    } else break;
    at = end + 1;
  }
  const cut = content.subarray(counted.bytes);
  if (hasWholeCommit(cut)) damage ??= 'a batch is damaged, but one behind it is whole';
  // A segment gets its name with its first line in it.
  if (state === null && content.length > 0) damage ??= 'its first line is damaged';
  if (!isLast && cut.length > 0) damage ??= 'its end is cut off, though another segment follows';
  const imports = hour === null ? new Map<string, number>() : countImports(content, counted.bytes, hour);
  return { ...counted, hour, imports, state, cutBytes: cut.length, cutLines: countLines(cut), damage };
}

/** Each batch is flushed before the next is begun: a crash can tear the last one only. */
function hasWholeCommit(cut: Buffer): boolean {
  for (let at = cut.indexOf(COMMIT_LINE); at !== -1; at = cut.indexOf(COMMIT_LINE, at + 1)) {
    const start = at + 1;
    const end = cut.indexOf(NEWLINE, start);
    if (end === -1) return false;
    if (readCommit(cut.subarray(start, end), cut.subarray(0, start)) !== 'torn') return true;
  }
  return false;
}

function startsWith(content: Buffer, at: number, prefix: Buffer): boolean {
  return content.compare(prefix, 0, prefix.length, at, Math.min(at + prefix.length, content.length)) === 0;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; lines += 1) {
    const end = bytes.indexOf(NEWLINE, at);
    at = end === -1 ? bytes.length : end + 1;
  }
  return lines;
}
