import type { DisplayPost } from './result.js';

/**
 * What a retweet says of an original that was not captured (rule 16): a retweet carries its original's text and entities (rule
 * 5), and the platform's count of its retweets.
 */
export function originalFromRetweet(retweet: DisplayPost): DisplayPost {
  return {
    ...retweet,
    id: retweet.retweet_of ?? retweet.id,
    created_at: retweet.retweet_of_created_at ?? retweet.created_at,
    author_id: retweet.retweet_of_author_id ?? '',
    author_username: retweet.retweet_of_author_username,
    retweet_of: null,
    retweet_of_author_id: null,
    retweet_of_author_username: null,
    retweet_of_created_at: null,
    quote_of: null,
    reply_to: null,
    reply_count: null,
    like_count: null,
    quote_count: null,
  };
}
