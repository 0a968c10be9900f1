import { utf8Offsets, type TextEntity } from '@analytica/domain/text';
import { readAccountEvent } from './bluesky-account.js';
import { didOf } from './did.js';
import { NOT_POST, rejected, type DraftText, type PostDraft, type Reading } from './draft.js';
import {
  isObject,
  languageOf,
  listOf,
  nonEmpty,
  objectOf,
  offsetOf,
  opaqueId,
  stringOf,
  type JsonObject,
} from './fields.js';
import { eventOfFrame } from './jetstream-frame.js';
import { credible } from './times.js';

const POSTS = 'app.bsky.feed.post';
const REPOSTS = 'app.bsky.feed.repost';
const FACET = 'app.bsky.richtext.facet';
/** What a repost has before its original is looked up. */
const NO_TEXT: DraftText = { text: '', entities: [], links: [], cashtags: [] };
const RECORD_KEY = /^[A-Za-z0-9._:~-]{1,512}$/;

/** A frame of Jetstream v2: the event in it. */
export function readJetstreamFrame(frame: JsonObject, arrivedAt: number): Reading {
  const event = eventOfFrame(frame);
  return event === null ? NOT_POST : readJetstreamEvent(event, arrivedAt);
}

/** A Jetstream event: a post or a repost, its update or its delete, or one of the many events that are neither. */
export function readJetstreamEvent(event: JsonObject, arrivedAt: number): Reading {
  if (event['kind'] === 'account') return readAccountEvent(event, arrivedAt);
  if (event['kind'] !== 'commit') return NOT_POST;
  const commit = objectOf(event['commit']);
  if (commit === null) return rejected('commit is missing or not an object');
  const collection = commit['collection'];
  if (collection !== POSTS && collection !== REPOSTS) return NOT_POST;

  const did = didOf(event['did']);
  if (did === null) return rejected('no author: did is not a DID');
  const key = commit['rkey'];
  if (typeof key !== 'string' || !RECORD_KEY.test(key)) return rejected('commit.rkey is not a record key');
  const id = `at://${did}/${collection}/${key}`;
  const operation = commit['operation'];
  if (operation === 'delete') return { kind: 'delete', platform: 'bluesky', id };
  if (operation !== 'create' && operation !== 'update') return rejected('commit.operation is not known');

  const microseconds = event['time_us'];
  if (typeof microseconds !== 'number' || !Number.isSafeInteger(microseconds)) return rejected('time_us is not a time');
  const createdAt = credible(Math.floor(microseconds / 1000), arrivedAt);
  if (typeof createdAt !== 'number') return createdAt;
  const record = objectOf(commit['record']);
  if (record === null) return rejected('commit.record is missing or not an object');
  const common: CommonFields = {
    ...{ platform: 'bluesky', id, createdAt, authorId: did, authorUsername: null, authorFollowers: null },
    ...{ editHistoryIds: [], retweetCount: null, replyCount: null, likeCount: null, quoteCount: null, ruleTags: [] },
    ...{ placeCountry: null, placeName: null, lat: null, lon: null },
    version: opaqueId(commit['cid']),
    supersedes: operation === 'update',
  };
  if (collection === REPOSTS) return repostOf(record, common);
  const body = textOf(record);
  if (body === null) return rejected('text is missing or not a string');

  const reply = objectOf(record['reply']);
  return {
    kind: 'post',
    draft: {
      ...common,
      lang: languageOf(listOf(record['langs'])[0]),
      body,
      extraTags: listOf(record['tags']).flatMap((tag) => nonEmpty(tag) ?? []),
      retweet: null,
      quoteOf: quoteOf(record),
      replyTo: opaqueId(objectOf(reply?.['parent'])?.['uri']),
      conversationId: opaqueId(objectOf(reply?.['root'])?.['uri']) ?? id,
    },
  };
}

type CommonFields = Omit<
  PostDraft,
  'lang' | 'body' | 'extraTags' | 'retweet' | 'quoteOf' | 'replyTo' | 'conversationId'
>;

/** A repost names its original by an at-URI, and says nothing else of it. */
function repostOf(record: JsonObject, common: CommonFields): Reading {
  const uri = objectOf(record['subject'])?.['uri'];
  if (typeof uri !== 'string') return rejected('subject.uri is missing or not a string');
  const author = postAuthor(uri);
  if (author === null) return NOT_POST;
  const retweet = { id: uri, authorId: author, authorUsername: null, createdAt: null };
  const nothing = { lang: 'und', body: NO_TEXT, extraTags: [], quoteOf: null, replyTo: null, conversationId: null };
  return { kind: 'post', draft: { ...common, ...nothing, retweet } };
}

/** The DID in the at-URI of a post; null for any other text. */
function postAuthor(uri: string): string | null {
  const [scheme, empty, did = '', collection, key = '', ...more] = uri.split('/');
  const isPost = scheme === 'at:' && empty === '' && collection === POSTS && more.length === 0;
  return isPost && RECORD_KEY.test(key) ? didOf(did) : null;
}

function textOf(record: JsonObject): DraftText | null {
  const text = stringOf(record['text']);
  if (text === null) return null;
  const card = nonEmpty(objectOf(objectOf(record['embed'])?.['external'])?.['uri']);
  const marked = Object.hasOwn(record, 'facets') ? facetsOf(text, listOf(record['facets'])) : null;
  return {
    text,
    entities: marked?.entities ?? null,
    links: [...(marked?.links ?? []), ...(card === null ? [] : [card])],
    cashtags: [],
  };
}

function facetsOf(text: string, facets: readonly unknown[]): { entities: TextEntity[]; links: string[] } {
  const entities: TextEntity[] = [];
  const links: string[] = [];
  if (facets.length === 0) return { entities, links };
  const offset = utf8Offsets(text);
  for (const item of facets) {
    if (!isObject(item)) continue;
    const span = objectOf(item['index']);
    for (const value of listOf(item['features'])) {
      const feature = objectOf(value);
      const type = feature?.['$type'];
      if (type === `${FACET}#link`) {
        const link = nonEmpty(feature?.['uri']);
        if (link !== null) links.push(link);
      } else if (type === `${FACET}#tag` || type === `${FACET}#mention`) {
        const kind = type === `${FACET}#tag` ? 'hashtag' : 'mention';
        const [start, end] = [offset(offsetOf(span?.['byteStart'])), offset(offsetOf(span?.['byteEnd']))];
        entities.push({ kind, start, end, name: null });
      }
    }
  }
  return { entities, links };
}

/** `embed.record.uri`, or with media `embed.record.record.uri`, when it is a post (lists and feeds can be embedded, too). */
function quoteOf(record: JsonObject): string | null {
  const embedded = objectOf(objectOf(record['embed'])?.['record']);
  const uri = opaqueId(embedded?.['uri']) ?? opaqueId(objectOf(embedded?.['record'])?.['uri']);
  return uri !== null && uri.split('/')[3] === POSTS ? uri : null;
}
