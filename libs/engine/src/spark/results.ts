import {
  originalFromRetweet,
  type AnalysisResult,
  type DisplayPost,
  type MissingHours,
  type PostSource,
  type RankedList,
  type RetweetedPost,
} from '@analytica/domain';
import type { AnalysisAnswer, DisplayRow, RankedAnswer, RetweetedRow } from '@analytica/spark-templates';

/** Epoch milliseconds as ISO 8601. */
function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

export function displayPost(row: DisplayRow): DisplayPost {
  return {
    id: row.id,
    source: row.source as PostSource,
    created_at: iso(row.created),
    text: row.text,
    lang: row.lang,
    author_id: row.author_id,
    author_username: row.author_username,
    hashtags: row.hashtags,
    mentions: row.mentions,
    urls: row.urls,
    retweet_of: row.retweet_of,
    retweet_of_author_id: row.retweet_of_author_id,
    retweet_of_author_username: row.retweet_of_author_username,
    retweet_of_created_at: isoOrNull(row.retweet_of_created),
    quote_of: row.quote_of,
    reply_to: row.reply_to,
    retweet_count: row.retweet_count,
    reply_count: row.reply_count,
    like_count: row.like_count,
    quote_count: row.quote_count,
  };
}

export function retweetedPost(row: RetweetedRow): RetweetedPost {
  return {
    retweetOf: row.retweetOf,
    source: row.source as PostSource,
    capturedRetweets: row.captured,
    reportedRetweets: row.reported,
    post: 'post' in row ? displayPost(row.post) : originalFromRetweet(displayPost(row.told)),
  };
}

function rankedList({ entries, distinct, postsWith }: RankedAnswer): RankedList {
  return {
    entries: entries.map(({ source, ...entry }) => ({
      ...entry,
      ...(source === undefined ? {} : { source: source as PostSource }),
    })),
    distinct,
    postsWith,
  };
}

/** An answer of the program as the port's result. */
export function analysisResult(
  answer: AnalysisAnswer,
  missingHours: readonly MissingHours[],
  scannedPosts: number,
  complete: boolean,
): AnalysisResult {
  const { hashtags, words, mentions, domains, authors } = answer.lists;
  return {
    counts: answer.counts,
    hashtags: rankedList(hashtags),
    mentions: rankedList(mentions),
    domains: rankedList(domains),
    words: rankedList(words),
    authors: rankedList(authors),
    cells: answer.cells.map(([start, posts, retweets, replies, quotes]) => ({
      start,
      posts,
      retweets,
      replies,
      quotes,
    })),
    complete,
    scannedPosts,
    newest: answer.newest.map(displayPost),
    mostRetweeted: answer.retweeted.map(retweetedPost),
    retweetedPosts: answer.total,
    missingHours,
  };
}

/** What is said where no file can hold a post of the interval. */
export function emptyAnswer(): AnalysisAnswer {
  const none = { entries: [], distinct: 0, uses: 0, postsWith: 0 };
  return {
    matched: 0,
    counts: { posts: 0, retweets: 0, replies: 0, quotes: 0, authors: 0, words: 0 },
    cells: [],
    lists: { hashtags: none, words: none, mentions: none, domains: none, authors: none },
    newest: [],
    retweeted: [],
    total: 0,
  };
}
