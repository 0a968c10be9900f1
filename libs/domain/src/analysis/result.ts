import type { Interval, IntervalCell } from '../interval/interval.js';
import type { Post, PostSource } from '../post.js';

/** One row of a top list (rule 15). */
export interface RankedEntry {
  readonly key: string;
  readonly label: string;
  readonly posts: number;
  readonly uses: number;
  readonly authors: number;
  /** Only for authors: their platform. */
  readonly source?: PostSource;
}

export interface RankedList {
  readonly entries: readonly RankedEntry[];
  /** How many different keys there are. */
  readonly distinct: number;
  /** How many posts carry at least one. */
  readonly postsWith: number;
}

/** A post as the dashboard shows it. */
export type DisplayPost = Pick<
  Post,
  | 'id'
  | 'source'
  | 'created_at'
  | 'text'
  | 'lang'
  | 'author_id'
  | 'author_username'
  | 'hashtags'
  | 'mentions'
  | 'urls'
  | 'retweet_of'
  | 'retweet_of_author_id'
  | 'retweet_of_author_username'
  | 'retweet_of_created_at'
  | 'quote_of'
  | 'reply_to'
  | 'retweet_count'
  | 'reply_count'
  | 'like_count'
  | 'quote_count'
> & {
  /** Countries in which it is withheld (rule 24): ISO 3166-1 alpha-2, sorted. Absent where it is withheld in none. */
  readonly withheld_in?: readonly string[];
};

/** Rule 16. `post` is the original where it was captured (in the interval or not), else what the newest captured retweet says of it. */
export interface RetweetedPost {
  readonly retweetOf: string;
  readonly source: PostSource;
  /** Captured retweets in the matched set. */
  readonly capturedRetweets: number;
  /** The greatest count that the platform reported in them; null where it reported none. */
  readonly reportedRetweets: number | null;
  readonly post: DisplayPost;
}

export interface AnalysisCounts {
  readonly posts: number;
  readonly retweets: number;
  readonly replies: number;
  readonly quotes: number;
  readonly authors: number;
  /** Total words (rule 16). */
  readonly words: number;
}

/** What an engine computes, before any grouping by zone. Integers everywhere. */
export interface AnalysisFigures {
  readonly counts: AnalysisCounts;
  readonly hashtags: RankedList;
  readonly words: RankedList;
  readonly mentions: RankedList;
  readonly authors: RankedList;
  readonly domains: RankedList;
  /** Non-zero cells in time order (rule 17). */
  readonly cells: readonly IntervalCell[];
}

/** Why a result lacks something: a file of posts is gone, or cannot be read, or a file of deletes is either. */
export const MISSING_REASONS = ['FILE_MISSING', 'FILE_DAMAGED', 'DELETES_UNREADABLE'] as const;
export type MissingReason = (typeof MISSING_REASONS)[number];

/** Hours, `[from, to)` in epoch ms, whose posts a result lacks; or whose deletes, so that it may have deleted posts. */
export interface MissingHours extends Interval {
  readonly reason: MissingReason;
}

/** Figures and the rows that go with them. `complete: false` marks a partial result (rule 19). */
export interface AnalysisResult extends AnalysisFigures {
  readonly complete: boolean;
  /** Posts in the partitions read so far, matched or not, deletes not counted out. */
  readonly scannedPosts: number;
  readonly newest: readonly DisplayPost[];
  readonly mostRetweeted: readonly RetweetedPost[];
  /** How many retweeted posts there are in all, of which `mostRetweeted` has the first. */
  readonly retweetedPosts?: number;
  /** What could not be read (counting.md, rule 26): the figures are those of the rest. */
  readonly missingHours: readonly MissingHours[];
}

/** How far a run has come. */
export interface AnalysisProgress {
  readonly partitionsDone: number;
  readonly partitionsTotal: number;
  readonly matchedPosts: number;
  /** Partitions are read newest first: everything from this instant (ms) on is in. Null before the first. */
  readonly readFrom: number | null;
  /** True while the run waits for a session of a cluster: nothing is read meanwhile. */
  readonly waiting?: boolean;
}

/** How many display rows a result carries (deeper pages are jobs of their own). */
export const NEWEST_KEPT = 1_000;
export const MOST_RETWEETED_KEPT = 200;
export const TOP_LIST_LENGTH = 20;

/** Orders of the pages of posts (rule 16). */
export const POST_ORDERS = ['newest', 'most-retweeted'] as const;
export type PostOrder = (typeof POST_ORDERS)[number];
