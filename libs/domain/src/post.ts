/** Version of the rules in docs/counting.md that made a row; part of every analysis key. */
export const NORMALIZER_VERSION = 2;
/** Version of the row's shape in the lake. New columns are nullable and come at the end. */
export const SCHEMA_VERSION = 1;

/** Where posts come from. The order is the one of every table by source. */
export const POST_SOURCES = ['x', 'bluesky', 'demo'] as const;
export type PostSource = (typeof POST_SOURCES)[number];

/** How a post came in. */
export const INGEST_PATHS = ['stream', 'backfill', 'search', 'replay'] as const;
export type IngestPath = (typeof INGEST_PATHS)[number];

/**
 * A normalised post: one row of the lake, in its column names, so that no layer maps names.
 * Ids are strings (numeric ids lose digits in JavaScript). Times are ISO 8601 UTC with milliseconds.
 * What each field means stands in docs/counting.md.
 */
export interface Post {
  readonly id: string;
  readonly source: PostSource;
  readonly created_at: string;
  /** Arrival time; decides the folder in the lake. */
  readonly ingested_at: string;
  readonly text: string;
  /** `text` without links, white space collapsed. */
  readonly text_clean: string;
  /** Primary language subtag, `und` where unknown. */
  readonly lang: string;
  readonly author_id: string;
  readonly author_username: string | null;
  readonly author_followers: number | null;
  readonly hashtags: readonly string[];
  readonly mentions: readonly string[];
  readonly urls: readonly string[];
  readonly domains: readonly string[];
  readonly cashtags: readonly string[];
  readonly emojis: readonly string[];
  /** Folded tokens in order, one space between and at each end. */
  readonly terms: string;
  /** Folded hashtags, whole, in the same form; the i-th belongs to `hashtags[i]`. */
  readonly tags: string;
  /** What word counts count; repeats kept. */
  readonly words: readonly string[];
  readonly retweet_of: string | null;
  readonly retweet_of_author_id: string | null;
  readonly retweet_of_author_username: string | null;
  readonly retweet_of_created_at: string | null;
  readonly quote_of: string | null;
  readonly reply_to: string | null;
  readonly conversation_id: string | null;
  readonly edit_history_ids: readonly string[];
  readonly retweet_count: number | null;
  readonly reply_count: number | null;
  readonly like_count: number | null;
  readonly quote_count: number | null;
  readonly place_country: string | null;
  readonly place_name: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly rule_tags: readonly string[];
  readonly ingest_path: IngestPath;
  readonly normalizer: number;
  readonly schema_version: number;
  /** Bluesky's cid: which version of the post this row is. Null where a platform has none. */
  readonly version: string | null;
}
