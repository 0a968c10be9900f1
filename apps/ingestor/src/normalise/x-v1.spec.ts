import type { Post } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { normaliseLine } from './normalise-line.js';

const USER = { id_str: '7', screen_name: 'ann', followers_count: 3 };
const TWEET = { id_str: '1146304818337722368', created_at: 'Wed Jul 03 06:29:00 +0000 2019', text: 'x', user: USER };

function postOf(fields: Record<string, unknown>): Post {
  const line = Buffer.from(JSON.stringify({ ...TWEET, ...fields }));
  const [found] = normaliseLine(line, { arrivedAt: Date.now(), path: 'replay', source: null, shiftMs: 0 });
  if (found?.kind !== 'post') throw new Error(`no post but ${JSON.stringify(found)}`);
  return found.post;
}

describe('an X v1.1 tweet', () => {
  it('becomes one row', () => {
    const place = { country_code: 'id', full_name: 'Ciruas, Indonesia' };
    const coordinates = { type: 'Point', coordinates: [115.24, -8.69] };
    expect(
      postOf({
        text: 'The black #Cat, @Bob &amp; https://t.co/a $twtr',
        entities: {
          hashtags: [{ text: 'Cat', indices: [10, 14] }],
          user_mentions: [{ screen_name: 'Bob', indices: [16, 20] }],
          urls: [{ url: 'https://t.co/a', expanded_url: 'https://www.Example.org/page', indices: [27, 41] }],
          symbols: [{ text: 'twtr', indices: [42, 47] }],
        },
        lang: 'en-GB',
        in_reply_to_status_id_str: '5',
        quoted_status_id_str: '6',
        place,
        coordinates,
        retweet_count: 1,
        favorite_count: 2,
        reply_count: -3,
        quote_count: 'many',
      }),
    ).toMatchObject({
      id: '1146304818337722368',
      source: 'x',
      created_at: '2019-07-03T06:29:00.000Z',
      text: 'The black #Cat, @Bob & https://t.co/a $twtr',
      lang: 'en',
      author_id: '7',
      author_username: 'ann',
      author_followers: 3,
      hashtags: ['Cat'],
      mentions: ['bob'],
      terms: ' the black cat @bob twtr ',
      tags: ' cat ',
      urls: ['https://www.Example.org/page'],
      domains: ['example.org'],
      cashtags: ['TWTR'],
      retweet_of: null,
      reply_to: '5',
      quote_of: '6',
      place_country: 'ID',
      place_name: 'Ciruas, Indonesia',
      lat: -8.69,
      lon: 115.24,
      retweet_count: 1,
      like_count: 2,
      reply_count: null,
      quote_count: null,
    });
  });

  it('takes the extended text and the entities that belong to it', () => {
    const extended_tweet = {
      full_text: '😀 #long',
      entities: { hashtags: [{ text: 'long', indices: [2, 7] }] },
    };
    const entities = { hashtags: [{ text: 'short', indices: [0, 6] }] };
    expect(postOf({ text: '#short', entities, extended_tweet })).toMatchObject({
      text: '😀 #long',
      hashtags: ['long'],
    });
  });

  it('looks for entities itself only where the key is absent', () => {
    expect(postOf({ text: '#a @b' })).toMatchObject({ hashtags: ['a'], mentions: ['b'] });
    for (const entities of [{}, null, 5]) {
      expect(postOf({ text: '#a @b', entities })).toMatchObject({ hashtags: [], mentions: [], terms: ' a b ' });
    }
  });

  it('that retweets has the text, the counts and nothing else of its original', () => {
    const retweeted_status = {
      ...TWEET,
      id_str: '1146269308156350464',
      created_at: 'Wed Jul 03 04:07:54 +0000 2019',
      user: { id_str: '8', screen_name: 'carl', followers_count: 9 },
      text: 'short',
      extended_tweet: { full_text: 'the whole #story', entities: { hashtags: [{ text: 'story', indices: [10, 16] }] } },
      retweet_count: 40,
      lang: 'fr',
    };
    const entities = { user_mentions: [{ screen_name: 'carl', indices: [3, 8] }] };
    expect(
      postOf({
        text: 'RT @carl: the who…',
        entities,
        retweeted_status,
        retweet_count: 0,
        lang: 'en',
        in_reply_to_status_id_str: '5',
        quoted_status_id_str: '6',
      }),
    ).toMatchObject({
      text: 'the whole #story',
      lang: 'en',
      author_id: '7',
      hashtags: ['story'],
      mentions: [],
      retweet_of: '1146269308156350464',
      retweet_of_author_id: '8',
      retweet_of_author_username: 'carl',
      retweet_of_created_at: '2019-07-03T04:07:54.000Z',
      retweet_count: 40,
      reply_to: null,
      quote_of: null,
    });
  });

  it('that retweets what is not at hand keeps its own text less the prefix and the mention in it', () => {
    const entities = {
      user_mentions: [
        { screen_name: 'carl', indices: [3, 8] },
        { screen_name: 'dora', indices: [12, 17] },
      ],
    };
    expect(
      postOf({ text: 'RT @carl: 😀 @dora', entities, retweeted_status: { id_str: '1146269308156350464' } }),
    ).toMatchObject({
      text: '😀 @dora',
      mentions: ['dora'],
      retweet_of: '1146269308156350464',
      retweet_of_author_username: 'carl',
      retweet_of_author_id: null,
      retweet_of_created_at: '2019-07-03T04:07:54.375Z',
    });
  });

  it('has the time of its id where it names none', () => {
    expect(postOf({ created_at: null }).created_at).toBe('2019-07-03T06:29:00.662Z');
  });

  it('falls back to the links in the text, and leaves its own platform out of the domains', () => {
    const text = 'http://user@a.b:8/c www.d.e https://mobile.twitter.com/x http://a.b/2';
    expect(postOf({ text, entities: { urls: [] } })).toMatchObject({
      urls: ['http://user@a.b:8/c', 'www.d.e', 'https://mobile.twitter.com/x', 'http://a.b/2'],
      domains: ['a.b'],
    });
  });

  it('has no position outside the world', () => {
    for (const coordinates of [[200, 0], [0, 91], ['1', 2], [], null]) {
      expect(postOf({ coordinates: { coordinates } })).toMatchObject({ lat: null, lon: null });
    }
  });

  it('keeps no lone surrogate', () => {
    const line = Buffer.from(
      JSON.stringify({ ...TWEET, text: 'a X b', user: { ...USER, screen_name: 'X' } }).replaceAll('X', '\\ud800'),
    );
    const [found] = normaliseLine(line, { arrivedAt: Date.now(), path: 'replay', source: null, shiftMs: 0 });
    expect(found).toMatchObject({ post: { text: 'a \ufffd b', author_username: '\ufffd' } });
  });
});
