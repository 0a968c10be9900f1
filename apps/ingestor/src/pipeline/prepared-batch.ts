import type { RecentPost } from '@analytica/domain/contracts';
import type { PreparedOriginals } from '../originals/prepared-originals.js';
import type { CoverageEvent, Cursor } from '../sources/source.js';

/**
 * What a record in a prepared batch is. A version's tombstone (supersede) follows the post that it belongs to, and shares its fate;
 * where that post is filtered, its tombstone stands alone (hide), and so do further rows of one delete event. A repost is a
 * post whose line ends without an original (`repostLine`).
 */
export const RecordKind = { post: 0, delete: 1, supersede: 2, hide: 3, repost: 4 } as const;

export interface DeadLetter {
  readonly raw: Uint8Array;
  readonly stage: string;
  readonly reason: string;
}

/** A post as status shows it. */
export interface RecentEntry {
  readonly post: RecentPost;
  /** Ids by which a delete event can mean it: its own, its author's, and those of what it repeats. */
  readonly about: readonly string[];
}

/** A batch of raw lines turned into lines of the log. Typed arrays, because it crosses from one thread to another. */
export interface PreparedRows {
  /** NDJSON, record after record, each with its newline. */
  readonly bytes: Uint8Array;
  /** Where each record's line ends in `bytes`. */
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
  /** Index in `POST_SOURCES`. */
  readonly sources: Uint8Array;
  /** Two numbers a record: the 64-bit hash of its identity; 0 but for posts. */
  readonly hashes: Uint32Array;
  /** Epoch ms; NaN but for posts. */
  readonly createdAt: Float64Array;
  /** Null where none of the records has to do with Bluesky's reposts. */
  readonly originals: PreparedOriginals | null;
  readonly notPosts: number;
  /** Posts in a language that nobody asked for. */
  readonly filtered: number;
  readonly deadLetters: readonly DeadLetter[];
  /** The last posts, and their place among the records. */
  readonly recent: readonly ({ readonly index: number } & RecentEntry)[];
  /** Ids of the posts and authors that delete events hide. */
  readonly hidden: readonly string[];
}

export interface PreparedBatch extends PreparedRows {
  readonly arrivedAt: number;
  readonly cursor: Cursor;
  /** Whether its posts came as they happened. */
  readonly isLive: boolean;
  /** What the source says of the times in which it captured. */
  readonly coverage: readonly CoverageEvent[];
}
