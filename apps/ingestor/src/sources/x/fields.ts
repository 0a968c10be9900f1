/** What is asked for with each post, in streams and in searches: all that a row is made of (`normalise/x-v2.ts`). */
export const POST_FIELDS = {
  'tweet.fields': [
    'author_id',
    'conversation_id',
    'created_at',
    'edit_history_tweet_ids',
    'entities',
    'geo',
    'lang',
    'note_tweet',
    'public_metrics',
    'referenced_tweets',
    'withheld',
  ].join(','),
  // The original of a retweet, with its author: a retweet's own text is cut.
  expansions: ['author_id', 'geo.place_id', 'referenced_tweets.id', 'referenced_tweets.id.author_id'].join(','),
  'user.fields': ['public_metrics', 'username'].join(','),
  'place.fields': ['country_code', 'full_name', 'name'].join(','),
} as const;
