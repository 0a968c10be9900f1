import { hourOf } from '@analytica/lake';
import { COMMIT_PREFIX, POST_PREFIX, readCommit, TOMBSTONE_PREFIX } from './commit-line.js';
import type { LogState } from './log-state.js';

const NEWLINE = 0x0a;

/** A batch whose length and checksum are right. */
export interface WholeBatch {
  /** Its lines in the segment: `[start, end)`, without the line that commits it. */
  readonly start: number;
  readonly end: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly posts: number;
  readonly tombstones: number;
  readonly state: LogState;
}

/** Batches of one hour that follow one another in the log, as one closed segment. */
export interface SalvagedPart {
  readonly content: Buffer;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Arrival hour, epoch ms. */
  readonly hour: number;
  readonly posts: number;
  readonly tombstones: number;
  readonly arrivedAt: number;
}

/** Every whole batch of a segment, also behind damage, in order; those without records say how far the log was. */
export function wholeBatches(content: Buffer): WholeBatch[] {
  const batches: WholeBatch[] = [];
  let free = 0;
  for (let at = 0; at < content.length;) {
    const newline = content.indexOf(NEWLINE, at);
    const end = newline === -1 ? content.length : newline;
    if (startsWith(content, at, COMMIT_PREFIX)) {
      const commit = readCommit(content.subarray(at, end), content.subarray(free, at));
      if (typeof commit !== 'string') {
        batches.push(batchOf(content, at - commit.bytes, at, commit.state));
        free = end + 1;
      }
    }
    at = end + 1;
  }
  return batches;
}

function batchOf(content: Buffer, start: number, end: number, state: LogState): WholeBatch {
  const { posts, tombstones } = countRecords(content.subarray(start, end));
  return {
    start,
    end,
    firstSeq: state.lastSeq - posts - tombstones + 1,
    lastSeq: state.lastSeq,
    posts,
    tombstones,
    state,
  };
}

/** Lines that begin as records do. */
export function countRecords(content: Buffer): { posts: number; tombstones: number } {
  let posts = 0;
  let tombstones = 0;
  for (let at = 0; at < content.length;) {
    if (startsWith(content, at, POST_PREFIX)) posts += 1;
    else if (startsWith(content, at, TOMBSTONE_PREFIX)) tombstones += 1;
    const end = content.indexOf(NEWLINE, at);
    at = end === -1 ? content.length : end + 1;
  }
  return { posts, tombstones };
}

/** Whole batches as segments that the lake can take. @param after - the last record that the lake has. */
export function salvagedParts(content: Buffer, batches: readonly WholeBatch[], after: number): SalvagedPart[] {
  const groups: WholeBatch[][] = [];
  for (const batch of batches) {
    if (batch.posts + batch.tombstones === 0 || batch.firstSeq <= after) continue;
    const last = groups.at(-1)?.at(-1);
    const follows =
      last?.lastSeq === batch.firstSeq - 1 && hourOf(last.state.arrivedAt) === hourOf(batch.state.arrivedAt);
    if (follows) groups.at(-1)?.push(batch);
    else groups.push([batch]);
  }
  return groups.map((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) throw new Error('A group has a batch at least.');
    return {
      content: Buffer.concat(group.map(({ start, end }) => content.subarray(start, end))),
      firstSeq: first.firstSeq,
      lastSeq: last.lastSeq,
      hour: hourOf(last.state.arrivedAt),
      posts: group.reduce((sum, { posts }) => sum + posts, 0),
      tombstones: group.reduce((sum, { tombstones }) => sum + tombstones, 0),
      arrivedAt: last.state.arrivedAt,
    };
  });
}

function startsWith(content: Buffer, at: number, prefix: Buffer): boolean {
  return content.compare(prefix, 0, prefix.length, at, Math.min(at + prefix.length, content.length)) === 0;
}
