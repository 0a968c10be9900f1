import { NOT_POST, rejected, type DraftRetweet, type DraftText, type Reading, type Rejected } from './draft.js';
import {
  countOf,
  countryOf,
  isObject,
  languageOf,
  listOf,
  nonEmpty,
  objectOf,
  positionOf,
  xId,
  type JsonObject,
} from './fields.js';
import { originalTime, parseIsoTime, xTime } from './times.js';
import { retweetedUsername, xText, xTextOfRetweet, type XEntityNames } from './x-text.js';

/** More posts than any page of X's holds; beyond it a line is an attack or a mistake, and one dead letter. */
const MAX_POSTS_OF_A_LINE = 10_000;
const NONE: ReadonlyMap<string, JsonObject> = new Map();

const NAMES: XEntityNames = {
  mentions: 'mentions',
  hashtag: 'tag',
  cashtags: 'cashtags',
  cashtag: 'tag',
  span: (entity) => [entity['start'], entity['end']],
  link: (entity) => nonEmpty(entity['unwound_url']) ?? nonEmpty(entity['expanded_url']),
};

/** What `includes` and `matching_rules` of one line say about its posts. */
interface Envelope {
  readonly users: ReadonlyMap<string, JsonObject>;
  readonly tweets: ReadonlyMap<string, JsonObject>;
  readonly places: ReadonlyMap<string, JsonObject>;
  readonly ruleTags: readonly string[];
  /** Texts of `tweets`, read once, however many posts retweet them. */
  readonly texts: Map<JsonObject, DraftText | null>;
}

/** A page or a stream line of API v2: one record for each post in `data`, or one that holds none. */
export function readV2Line(line: JsonObject, arrivedAt: number): readonly Reading[] {
  const data = line['data'];
  if (data === undefined || data === null) return [NOT_POST];
  if (isObject(data)) return [readTweet(data, envelopeOf(line), arrivedAt)];
  if (!Array.isArray(data)) return [rejected('data is neither an object nor a list')];
  if (data.length === 0) return [NOT_POST];
  if (data.length > MAX_POSTS_OF_A_LINE) return [rejected(`data holds more than ${MAX_POSTS_OF_A_LINE} posts`)];
  const envelope = envelopeOf(line);
  return data.map((tweet: unknown) => {
    const reading = isObject(tweet)
      ? readTweet(tweet, envelope, arrivedAt)
      : rejected('a post in data is not an object');
    return data.length > 1 ? { ...reading, part: tweet } : reading;
  });
}

function readTweet(tweet: JsonObject, envelope: Envelope, arrivedAt: number): Reading {
  const id = xId(tweet['id']);
  if (id === null) return rejected('id is missing or not an id');
  const authorId = xId(tweet['author_id']);
  if (authorId === null) return rejected('no author: author_id is missing or not an id');
  const createdAt: number | Rejected = xTime(tweet['created_at'], id, parseIsoTime, arrivedAt);
  if (typeof createdAt !== 'number') return createdAt;
  const own = textOf(tweet);
  if (own === null) return rejected('text is missing or not a string');

  const references = referencesOf(tweet);
  const original = references.retweeted === null ? undefined : envelope.tweets.get(references.retweeted);
  const retweet =
    references.retweeted === null ? null : retweetOf(references.retweeted, original, own.text, envelope, arrivedAt);
  const originalText = original === undefined ? null : originalTextOf(original, envelope);
  const author = envelope.users.get(authorId);
  const metrics = objectOf((original ?? tweet)['public_metrics']);
  const geo = objectOf(tweet['geo']);
  const place = envelope.places.get(nonEmpty(geo?.['place_id']) ?? '');
  const position = positionOf(geo?.['coordinates']);
  return {
    kind: 'post',
    draft: {
      platform: 'x',
      id,
      createdAt,
      lang: languageOf(tweet['lang']),
      authorId,
      authorUsername: nonEmpty(author?.['username']),
      authorFollowers: countOf(objectOf(author?.['public_metrics'])?.['followers_count']),
      body: retweet === null ? own : (originalText ?? xTextOfRetweet(own)),
      extraTags: [],
      retweet,
      quoteOf: retweet === null ? references.quoted : null,
      replyTo: retweet === null ? references.repliedTo : null,
      conversationId: xId(tweet['conversation_id']),
      editHistoryIds: listOf(tweet['edit_history_tweet_ids']).filter((value): value is string => xId(value) !== null),
      retweetCount: countOf(metrics?.['retweet_count']),
      replyCount: countOf(metrics?.['reply_count']),
      likeCount: countOf(metrics?.['like_count']),
      quoteCount: countOf(metrics?.['quote_count']),
      placeCountry: countryOf(place?.['country_code']),
      placeName: nonEmpty(place?.['full_name']) ?? nonEmpty(place?.['name']),
      lat: position?.lat ?? null,
      lon: position?.lon ?? null,
      ruleTags: envelope.ruleTags,
      version: null,
      supersedes: false,
    },
  };
}

function textOf(tweet: JsonObject): DraftText | null {
  const note = objectOf(tweet['note_tweet']);
  return note !== null && typeof note['text'] === 'string'
    ? xText(note['text'], note, NAMES)
    : xText(tweet['text'], tweet, NAMES);
}

function originalTextOf(original: JsonObject, { texts }: Envelope): DraftText | null {
  const known = texts.get(original);
  if (known !== undefined) return known;
  const text = textOf(original);
  texts.set(original, text);
  return text;
}

function referencesOf(tweet: JsonObject): Readonly<Record<'retweeted' | 'quoted' | 'repliedTo', string | null>> {
  const found = { retweeted: null as string | null, quoted: null as string | null, repliedTo: null as string | null };
  for (const item of listOf(tweet['referenced_tweets'])) {
    const reference = objectOf(item);
    const id = xId(reference?.['id']);
    if (reference === null || id === null) continue;
    if (reference['type'] === 'retweeted') found.retweeted ??= id;
    else if (reference['type'] === 'quoted') found.quoted ??= id;
    else if (reference['type'] === 'replied_to') found.repliedTo ??= id;
  }
  return found;
}

function retweetOf(
  id: string,
  original: JsonObject | undefined,
  ownText: string,
  envelope: Envelope,
  arrivedAt: number,
): DraftRetweet {
  const authorId = xId(original?.['author_id']);
  const author = authorId === null ? undefined : envelope.users.get(authorId);
  return {
    id,
    authorId,
    authorUsername: nonEmpty(author?.['username']) ?? retweetedUsername(ownText),
    createdAt: originalTime(original?.['created_at'], id, parseIsoTime, arrivedAt),
  };
}

function envelopeOf(line: JsonObject): Envelope {
  const includes = objectOf(line['includes']);
  const ruleTags = new Set<string>();
  for (const rule of listOf(line['matching_rules'])) {
    const tag = nonEmpty(objectOf(rule)?.['tag']);
    if (tag !== null) ruleTags.add(tag);
  }
  return {
    users: byId(includes?.['users']),
    tweets: byId(includes?.['tweets']),
    places: byId(includes?.['places']),
    ruleTags: [...ruleTags],
    texts: new Map(),
  };
}

function byId(list: unknown): ReadonlyMap<string, JsonObject> {
  const items = listOf(list);
  if (items.length === 0) return NONE;
  const found = new Map<string, JsonObject>();
  for (const item of items) {
    const object = objectOf(item);
    const id = object?.['id'];
    if (object !== null && typeof id === 'string' && !found.has(id)) found.set(id, object);
  }
  return found;
}
