import { rejected, type DraftRetweet, type DraftText, type Reading } from './draft.js';
import {
  countOf,
  countryOf,
  languageOf,
  listOf,
  nonEmpty,
  objectOf,
  positionOf,
  xId,
  type JsonObject,
} from './fields.js';
import { originalTime, parseV1Time, xTime } from './times.js';
import { retweetedUsername, xText, xTextOfRetweet, type XEntityNames } from './x-text.js';

const NAMES: XEntityNames = {
  mentions: 'user_mentions',
  hashtag: 'text',
  cashtags: 'symbols',
  cashtag: 'text',
  span: (entity) => {
    const indices = listOf(entity['indices']);
    return [indices[0], indices[1]];
  },
  link: (entity) => nonEmpty(entity['expanded_url']),
};

/** A tweet object of API v1.1, as archives of the sample stream hold it. */
export function readV1Tweet(tweet: JsonObject, arrivedAt: number): Reading {
  const id = xId(tweet['id_str']);
  if (id === null) return rejected('id_str is not an id');
  const user = objectOf(tweet['user']);
  const authorId = xId(user?.['id_str']);
  if (authorId === null) return rejected('no author: user.id_str is missing or not an id');
  const createdAt = xTime(tweet['created_at'], id, parseV1Time, arrivedAt);
  if (typeof createdAt !== 'number') return createdAt;
  const own = textOf(tweet);
  if (own === null) return rejected('text is not a string');

  const original = objectOf(tweet['retweeted_status']);
  const retweet = original === null ? null : retweetOf(original, own.text, arrivedAt);
  const originalText = original === null ? null : textOf(original);
  const counted = (retweet === null ? null : original) ?? tweet;
  const place = objectOf(tweet['place']);
  const position = positionOf(tweet['coordinates']);
  return {
    kind: 'post',
    draft: {
      platform: 'x',
      id,
      createdAt,
      lang: languageOf(tweet['lang']),
      authorId,
      authorUsername: nonEmpty(user?.['screen_name']),
      authorFollowers: countOf(user?.['followers_count']),
      body: retweet === null ? own : (originalText ?? xTextOfRetweet(own)),
      extraTags: [],
      retweet,
      quoteOf: retweet === null ? xId(tweet['quoted_status_id_str']) : null,
      replyTo: retweet === null ? xId(tweet['in_reply_to_status_id_str']) : null,
      conversationId: null,
      editHistoryIds: [],
      retweetCount: countOf(counted['retweet_count']),
      replyCount: countOf(counted['reply_count']),
      likeCount: countOf(counted['favorite_count']),
      quoteCount: countOf(counted['quote_count']),
      placeCountry: countryOf(place?.['country_code']),
      placeName: nonEmpty(place?.['full_name']) ?? nonEmpty(place?.['name']),
      lat: position?.lat ?? null,
      lon: position?.lon ?? null,
      ruleTags: [],
      version: null,
      supersedes: false,
    },
  };
}

function textOf(tweet: JsonObject): DraftText | null {
  const extended = objectOf(tweet['extended_tweet']);
  if (extended !== null && typeof extended['full_text'] === 'string') {
    return xText(extended['full_text'], extended, NAMES);
  }
  return xText(typeof tweet['full_text'] === 'string' ? tweet['full_text'] : tweet['text'], tweet, NAMES);
}

function retweetOf(original: JsonObject, ownText: string, arrivedAt: number): DraftRetweet | null {
  const id = xId(original['id_str']);
  if (id === null) return null;
  const author = objectOf(original['user']);
  return {
    id,
    authorId: xId(author?.['id_str']),
    authorUsername: nonEmpty(author?.['screen_name']) ?? retweetedUsername(ownText),
    createdAt: originalTime(original['created_at'], id, parseV1Time, arrivedAt),
  };
}
