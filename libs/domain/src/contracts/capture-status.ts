import { z } from 'zod';
import { CAPTURE_STATES } from '../capture/capture-state.js';
import { POST_SOURCES } from '../post.js';
import { accountingSchema } from './accounting.js';
import { GAP_CAUSES } from './gap.js';
import { redisKeyPrefix } from './redis-names.js';

/** The key expires so long after the ingestor wrote it last; then its state is unknown. Capture goes on without Redis. */
export const CAPTURE_STATUS_LIFETIME_SECONDS = 15;
/** Seconds of the rates. */
export const RATE_SECONDS = 60;
/** Posts in `recent`, at most. */
export const RECENT_POSTS = 8;

/**
 * Redis key of the status. Once a second the ingestor sets it, and publishes the same JSON on the channel of the same name.
 * @param prefix of the deployment's keys, as it is configured.
 */
export function captureKey(prefix: string): string {
  return `${redisKeyPrefix(prefix)}capture`;
}

const count = z.number().nonnegative();
const source = z.enum(POST_SOURCES);

/** A post that came in just now. */
export const recentPostSchema = z.object({
  id: z.string(),
  source,
  created_at: z.iso.datetime({ offset: true }),
  text: z.string(),
  author_username: z.string().nullable(),
});
export type RecentPost = Readonly<z.infer<typeof recentPostSchema>>;

/**
 * What a source does. STARTING: it has given nothing yet. FILLING: it gives the past that it starts with. REPLAYING: it reads
 * something that ends. LIVE: it gives posts as they happen. WAITING: it has no connection, and makes one by itself. ENDED: there is no
 * more. FAILED: it does not work until a person mends something.
 */
export const SOURCE_STATES = ['STARTING', 'FILLING', 'REPLAYING', 'LIVE', 'WAITING', 'ENDED', 'FAILED'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const sourceStatusSchema = z.object({
  state: z.enum(SOURCE_STATES),
  /** What a person should know or mend, one sentence each. */
  problems: z.array(z.string()).readonly(),
  /** How far the source is behind what happens now, ms; null where there is no such distance, as in files. */
  lagMs: count.nullable(),
  /** What only a source with a connection has; null for others. */
  connection: z
    .object({
      /** The host that it is connected to, or was last; never with credentials. */
      host: z.string(),
      /** Since when the connection stands, epoch ms; null while there is none. */
      since: count.nullable(),
      /** `created_at` of the newest post that came, epoch ms; null before the first. */
      lastPostAt: count.nullable(),
      /** Connections that ended since the process started, by cause. */
      reconnects: z.array(z.object({ cause: z.enum(GAP_CAUSES), count })).readonly(),
    })
    .nullable()
    .default(null),
  /** The rules that its platform selects posts by; null where it has none. */
  rules: z
    .array(z.object({ value: z.string(), tag: z.string().nullable(), problem: z.string().nullable() }))
    .readonly()
    .nullable()
    .default(null),
  /** What it has used of the platform's paid posts this month; null where they cost nothing. */
  usage: z
    .object({
      posts: count,
      maxPosts: count.nullable(),
      dollars: count,
      maxDollars: count.nullable(),
      /** When the month ends, epoch ms. */
      resetsAt: count,
    })
    .nullable()
    .default(null),
});
export type SourceStatus = Readonly<z.infer<typeof sourceStatusSchema>>;
/** A status as a source gives it: what does not apply to it is left out. */
export type SourceReport = Readonly<z.input<typeof sourceStatusSchema>>;

/** What a source without a connection, rules or costs says of them. */
export const NO_CONNECTION = { connection: null, rules: null, usage: null } as const satisfies Partial<SourceStatus>;

/** The log on the ingestor's disk. */
export const logStatusSchema = z.object({
  bytes: count,
  /** Capture waits from here on. */
  maxBytes: count,
  /** How long the oldest record that was read waits to be in the log, ms; null where none does. */
  oldestPendingMs: count.nullable(),
});

export const lakeStatusSchema = z.object({
  /** Of all listed files. */
  bytes: count,
  /** Of its disk; null where it is not known. */
  freeBytes: count.nullable(),
});

/** Samples of one reason, at most. */
export const DEAD_LETTER_SAMPLES = 3;

/** Records that could not become posts, by reason. */
export const deadLetterReasonSchema = z.object({
  reason: z.string(),
  /** Since the lake began, as the accounting has them. */
  count,
  /** Beginnings of the newest of them, as text that nobody has checked. */
  samples: z.array(z.string()).readonly(),
});
export type DeadLetterReason = Readonly<z.infer<typeof deadLetterReasonSchema>>;

/** What the ingestor tells the API about capture. Other fields are dropped: an older API understands a newer ingestor. */
export const captureStatusSchema = z.object({
  state: z.enum(CAPTURE_STATES),
  /** One sentence for a banner; null where nothing is wrong. */
  problem: z.string().nullable(),
  /** Whether the posts are generated. */
  demo: z.boolean(),
  accounting: accountingSchema,
  /** Stored reposts whose original was not at hand, so that they have no text (counting.md, rule 5). */
  repostsWithoutOriginal: count.default(0),
  /** Each source of the ingestor. */
  sources: z
    .array(
      sourceStatusSchema.extend({
        name: z.string(),
        /** Stored posts in each of the last `RATE_SECONDS` seconds, oldest first; none from an older ingestor. */
        perSecond: z.array(count).readonly().default([]),
      }),
    )
    .readonly()
    .default([]),
  /** Of each source with posts in the last minute: stored posts in each of its `RATE_SECONDS` seconds, oldest first. */
  rates: z.array(z.object({ source, perSecond: z.array(count) })),
  /** Newest first, at most `RECENT_POSTS`. */
  recent: z.array(recentPostSchema),
  /** 0 to 1 while FILLING or REPLAYING, else null. */
  progress: z.number().nullable(),
  /** Rows in the lake. */
  posts: count,
  /** Least `created_at` in the lake, epoch ms; null where it is empty. */
  oldest: z.number().nullable(),
  /** Arrival time up to which everything is in the lake, epoch ms; 0 before the first post. */
  watermark: z.number(),
  log: logStatusSchema.nullable().default(null),
  lake: lakeStatusSchema.nullable().default(null),
  /** The commonest first. */
  deadLetters: z.array(deadLetterReasonSchema).readonly().default([]),
});
export type CaptureStatus = Readonly<z.infer<typeof captureStatusSchema>>;
