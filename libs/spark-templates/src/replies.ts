import { inflateSync } from 'node:zlib';
import { z } from 'zod';

const text = z.string();
const count = z.number().int();

const displayRow = z.object({
  id: text,
  source: text,
  text: text.default(''),
  lang: text.default('und'),
  author_id: text.default(''),
  author_username: text.nullable().default(null),
  hashtags: z.array(text).default([]),
  mentions: z.array(text).default([]),
  urls: z.array(text).default([]),
  retweet_of: text.nullable().default(null),
  retweet_of_author_id: text.nullable().default(null),
  retweet_of_author_username: text.nullable().default(null),
  quote_of: text.nullable().default(null),
  reply_to: text.nullable().default(null),
  retweet_count: count.nullable().default(null),
  reply_count: count.nullable().default(null),
  like_count: count.nullable().default(null),
  quote_count: count.nullable().default(null),
  /** Epoch ms. */
  created: count,
  /** Epoch ms. */
  retweet_of_created: count.nullable().default(null),
});

const entry = z.object({
  key: text,
  label: text,
  posts: count,
  uses: count,
  authors: count,
  source: text.optional(),
});
const ranked = z.object({ entries: z.array(entry), distinct: count, uses: count, postsWith: count });

const retweetedRow = z
  .object({ source: text, retweetOf: text, captured: count, reported: count.nullable() })
  // The original where it was captured, else the newest retweet of it.
  .and(z.union([z.object({ post: displayRow }), z.object({ told: displayRow })]));

const analysisAnswer = z.object({
  /** Rows of the matched set, copies and deleted posts included. */
  matched: count,
  counts: z.object({
    posts: count,
    retweets: count,
    replies: count,
    quotes: count,
    authors: count,
    words: count,
  }),
  /** Start (epoch ms), posts, retweets, replies, quotes. */
  cells: z.array(z.tuple([count, count, count, count, count])),
  lists: z.object({ hashtags: ranked, words: ranked, mentions: ranked, domains: ranked, authors: ranked }),
  newest: z.array(displayRow),
  retweeted: z.array(retweetedRow),
  /** How many retweeted posts there are. */
  total: count,
});

const postsAnswer = z.object({
  newest: z.array(displayRow).default([]),
  retweeted: z.array(retweetedRow).default([]),
  total: count,
});

/** A post as it lies in the lake, times in epoch ms. */
export type DisplayRow = z.infer<typeof displayRow>;
export type RankedAnswer = z.infer<typeof ranked>;
export type RetweetedRow = z.infer<typeof retweetedRow>;
export type AnalysisAnswer = z.infer<typeof analysisAnswer>;
export type PostsAnswer = z.infer<typeof postsAnswer>;

/** A part of a reply: base64 of deflated JSON, cut. */
export interface Piece {
  readonly piece: string;
  readonly more: boolean;
}

/** A reply that says no, or is none. `file` is below the lake's root. */
export class TemplateReplyError extends Error {
  override readonly name = 'TemplateReplyError';
  readonly file: string | null;
  readonly problem: string | null;

  constructor(message: string, damaged: { readonly file: string; readonly problem: string } | null = null) {
    super(message);
    this.file = damaged?.file ?? null;
    this.problem = damaged?.problem ?? null;
  }
}

const reply = z.union([
  z.object({ piece: text, more: z.boolean() }),
  z.object({ damaged: z.object({ file: text, problem: text }) }),
]);

/** Whether a session has not the programs yet, or another version of them: it must be sent `install`. */
export function isMissing(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'missing' in result;
}

/**
 * The piece that a statement gave.
 * @throws TemplateReplyError which has `file` and `problem` where a file of the lake is at fault
 */
export function pieceOf(result: unknown): Piece {
  const parsed = reply.safeParse(result);
  if (!parsed.success) throw new TemplateReplyError('the program gave no reply');
  if ('piece' in parsed.data) return parsed.data;
  const { damaged } = parsed.data;
  throw new TemplateReplyError(`${damaged.file} ${damaged.problem}`, damaged);
}

function inflated(pieces: readonly string[]): unknown {
  try {
    return JSON.parse(inflateSync(Buffer.from(pieces.join(''), 'base64')).toString('utf8'));
  } catch (error) {
    throw new TemplateReplyError(`the reply cannot be read: ${String(error)}`);
  }
}

/** The whole answer of `analysis`. @throws TemplateReplyError, ZodError */
export function readAnalysis(pieces: readonly string[]): AnalysisAnswer {
  return analysisAnswer.parse(inflated(pieces));
}

/** The whole answer of `analyses`: null where too much matches to be held together. @throws TemplateReplyError, ZodError */
export function readAnalyses(pieces: readonly string[]): readonly AnalysisAnswer[] | null {
  return z.array(analysisAnswer).nullable().parse(inflated(pieces));
}

/** The whole answer of `posts`. @throws TemplateReplyError, ZodError */
export function readPosts(pieces: readonly string[]): PostsAnswer {
  return postsAnswer.parse(inflated(pieces));
}
