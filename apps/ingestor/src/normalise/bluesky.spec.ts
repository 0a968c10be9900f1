import { describe, expect, it } from 'vitest';
import { normaliseLine } from './normalise-line.js';
import type { Normalised } from './normalised.js';

const ARRIVED = Date.UTC(2026, 6, 5);
const ID = 'at://did:plc:abc/app.bsky.feed.post/3mptbyoeyc22k';

function normalise(commit: Record<string, unknown>, record?: Record<string, unknown>): Normalised | undefined {
  const event = {
    did: 'did:plc:abc',
    time_us: 1783175888090631,
    kind: 'commit',
    commit: {
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: '3mptbyoeyc22k',
      cid: 'bafy1',
      record: { text: '', ...record },
      ...commit,
    },
  };
  const line = Buffer.from(JSON.stringify(event));
  return normaliseLine(line, { arrivedAt: ARRIVED, path: 'stream', source: null, shiftMs: 0 })[0];
}

function facet(start: number, end: number, type: string, more: Record<string, unknown> = {}): unknown {
  return {
    index: { byteStart: start, byteEnd: end },
    features: [{ $type: `app.bsky.richtext.facet#${type}`, ...more }],
  };
}

describe('a Jetstream event', () => {
  it('of a new post becomes one row', () => {
    const record = {
      text: 'é😀 #Tag @bob.bsky.social AT&amp;T',
      createdAt: '1999-01-01T00:00:00Z',
      langs: ['en-US', 'de'],
      tags: ['Other', 5, ''],
      facets: [
        facet(7, 11, 'tag', { tag: 'Tag' }),
        facet(12, 28, 'mention', { did: 'did:plc:bob' }),
        facet(0, 2, 'link', { uri: 'https://www.example.org/a' }),
      ],
      reply: {
        parent: { uri: 'at://did:plc:p/app.bsky.feed.post/1' },
        root: { uri: 'at://did:plc:r/app.bsky.feed.post/0' },
      },
      embed: {
        record: { record: { uri: 'at://did:plc:q/app.bsky.feed.post/2' } },
        external: { uri: 'https://bsky.app/profile/x' },
      },
    };
    expect(normalise({}, record)).toMatchObject({
      kind: 'post',
      supersedes: null,
      post: {
        id: ID,
        source: 'bluesky',
        created_at: '2026-07-04T14:38:08.090Z',
        text: 'é😀 #Tag @bob.bsky.social AT&amp;T',
        lang: 'en',
        author_id: 'did:plc:abc',
        author_username: null,
        hashtags: ['Tag', 'Other'],
        tags: ' tag other ',
        mentions: ['bob.bsky.social'],
        terms: ' e tag @bob.bsky.social at amp t ',
        urls: ['https://www.example.org/a', 'https://bsky.app/profile/x'],
        domains: ['example.org'],
        reply_to: 'at://did:plc:p/app.bsky.feed.post/1',
        conversation_id: 'at://did:plc:r/app.bsky.feed.post/0',
        quote_of: 'at://did:plc:q/app.bsky.feed.post/2',
        version: 'bafy1',
      },
    });
  });

  it('with spans that cut a character marks nothing, since the platform then names nothing either', () => {
    const record = {
      text: 'é #Tag',
      facets: [facet(1, 7, 'tag', { tag: 'Tag' }), facet(3, 99, 'tag', { tag: 'Tag' })],
    };
    expect(normalise({}, record)).toMatchObject({ post: { hashtags: [], terms: ' e tag ' } });
  });

  it('without facets has its hashtags and links found', () => {
    expect(normalise({}, { text: '#Tag https://a.b/c' })).toMatchObject({
      post: { hashtags: ['Tag'], urls: ['https://a.b/c'], domains: ['a.b'] },
    });
  });

  it('that embeds a list quotes nothing', () => {
    const embed = { record: { uri: 'at://did:plc:q/app.bsky.graph.list/2' } };
    expect(normalise({}, { embed })).toMatchObject({ post: { quote_of: null } });
  });

  it('of an update hides the versions before it', () => {
    expect(normalise({ operation: 'update', cid: 'bafy2' })).toMatchObject({
      kind: 'post',
      post: { id: ID, version: 'bafy2' },
      supersedes: {
        source: 'bluesky',
        id: ID,
        before: '2026-07-04T14:38:08.090Z',
        ingested_at: '2026-07-05T00:00:00.000Z',
      },
    });
  });

  it('of a repost becomes a retweet that waits for its original', () => {
    const uri = 'at://did:plc:q/app.bsky.feed.post/2';
    const commit = { collection: 'app.bsky.feed.repost', rkey: '3r', cid: 'bafyr' };
    expect(normalise(commit, { subject: { uri, cid: 'bafy9' } })).toMatchObject({
      kind: 'post',
      awaitsOriginal: true,
      supersedes: null,
      post: {
        ...{ id: 'at://did:plc:abc/app.bsky.feed.repost/3r', source: 'bluesky', author_id: 'did:plc:abc' },
        ...{ created_at: '2026-07-04T14:38:08.090Z', version: 'bafyr', conversation_id: null },
        ...{ retweet_of: uri, retweet_of_author_id: 'did:plc:q', retweet_of_created_at: null },
        ...{ text: '', terms: ' ', tags: ' ', lang: 'und', words: [], urls: [] },
        ...{ retweet_count: null, like_count: null, reply_to: null, quote_of: null },
      },
    });
    const update = normalise({ ...commit, operation: 'update' }, { subject: { uri } });
    expect(update).toMatchObject({ supersedes: { id: 'at://did:plc:abc/app.bsky.feed.repost/3r' } });
    expect(normalise({ ...commit, operation: 'delete' })).toMatchObject({
      kind: 'delete',
      tombstone: { id: 'at://did:plc:abc/app.bsky.feed.repost/3r' },
    });
  });

  it.each([
    'at://did:plc:q/app.bsky.feed.generator/2',
    'at://did:plc:q/app.bsky.feed.post/2/3',
    'at://did:plc:q/app.bsky.feed.post',
    'at://did:plc:q/app.bsky.feed.post/',
    'at://bob.example/app.bsky.feed.post/2',
    'https://did:plc:q/app.bsky.feed.post/2',
    'at://did:plc:q/app.bsky.feed.post/a b',
    '',
  ])('of a repost of "%s", which is no post, is not a post', (uri) => {
    expect(normalise({ collection: 'app.bsky.feed.repost' }, { subject: { uri } })).toEqual({ kind: 'not-post' });
  });

  it.each([undefined, null, 5, {}, { uri: 5 }, 'at://did:plc:q/app.bsky.feed.post/2'])(
    'of a repost whose subject is %j is a dead letter',
    (subject) => {
      expect(normalise({ collection: 'app.bsky.feed.repost' }, { subject })).toMatchObject({
        kind: 'dead-letter',
        reason: 'subject.uri is missing or not a string',
      });
    },
  );

  it('of a delete hides every version', () => {
    expect(normalise({ operation: 'delete', record: undefined, cid: undefined })).toEqual({
      kind: 'delete',
      tombstone: { source: 'bluesky', id: ID, before: null, ingested_at: '2026-07-05T00:00:00.000Z' },
    });
  });
});
