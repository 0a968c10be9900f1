import { isObject, type JsonObject, listOf, objectOf } from '../../normalise/fields.js';

/**
 * X's reference of August 2026 (OpenAPI 2.167) has `posts` in the names of search's parameters and fields, where its guides and its
 * streams have `tweets`. Both are understood: the older names are asked for, these where X does not take them.
 */
export const RENAMED_POST_FIELDS = {
  'post.fields': 'conversation_id,created_at,entities,geo,lang,note_post,public_metrics,withheld',
  expansions: 'author_id,geo.place_id,referenced_posts',
  'user.fields': 'public_metrics,username',
  'place.fields': 'country_code,full_name,name',
} as const;

const POST_NAMES: Readonly<Record<string, string>> = {
  edit_history_post_ids: 'edit_history_tweet_ids',
  note_post: 'note_tweet',
  referenced_posts: 'referenced_tweets',
};

/** A page with the names that streams have; one that has them already is given as it is. */
export function withStreamNames(page: JsonObject): JsonObject {
  const includes = objectOf(page['includes']);
  const included = includes === null ? {} : { includes: includesOf(includes) };
  return { ...page, ...('data' in page ? { data: listOf(page['data']).map(postOf) } : {}), ...included };
}

function includesOf({ posts, ...includes }: JsonObject): JsonObject {
  const tweets = includes['tweets'] ?? posts;
  return tweets === undefined ? includes : { ...includes, tweets: listOf(tweets).map(postOf) };
}

function postOf(post: unknown): unknown {
  if (!isObject(post)) return post;
  return Object.fromEntries(Object.entries(post).map(([name, value]) => [POST_NAMES[name] ?? name, value]));
}
