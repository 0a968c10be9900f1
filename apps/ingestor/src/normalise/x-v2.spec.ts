import type { Post } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { normaliseLine } from './normalise-line.js';

const TWEET = { id: '1377650090978992134', author_id: '9', created_at: '2021-04-01T15:52:31.123Z', text: 'hello' };

function postOf(fields: Record<string, unknown>, envelope: Record<string, unknown> = {}): Post {
  const line = Buffer.from(JSON.stringify({ data: { ...TWEET, ...fields }, ...envelope }));
  const [found] = normaliseLine(line, { arrivedAt: Date.now(), path: 'stream', source: null, shiftMs: 0 });
  if (found?.kind !== 'post') throw new Error(`no post but ${JSON.stringify(found)}`);
  return found.post;
}

describe('an X v2 post', () => {
  it('becomes one row, joined with what is included', () => {
    const includes = {
      users: [{ id: '9', username: 'ann', public_metrics: { followers_count: 881 } }],
      places: [{ id: 'p1', full_name: 'Berlin, Germany', country_code: 'DE' }],
    };
    const matching_rules = [
      { id: '1', tag: 'cats' },
      { id: '2', tag: null },
      { id: '3', tag: 'cats' },
    ];
    expect(
      postOf(
        {
          text: '東京 😀 #Cat @bob',
          entities: {
            hashtags: [{ start: 5, end: 9, tag: 'Cat' }],
            mentions: [{ start: 10, end: 14, username: 'bob' }],
            cashtags: [{ start: 0, end: 1, tag: 'twtr' }],
            urls: [
              { expanded_url: 'https://bit.ly/1', unwound_url: 'https://example.org/' },
              { expanded_url: 'https://a.b' },
            ],
          },
          lang: 'ja',
          conversation_id: '1377650090978992134',
          edit_history_tweet_ids: ['1377650090978992134', 5],
          referenced_tweets: [
            { type: 'quoted', id: '11' },
            { type: 'replied_to', id: '12' },
          ],
          geo: { place_id: 'p1', coordinates: { type: 'Point', coordinates: [13.4, 52.5] } },
          public_metrics: { retweet_count: 1, reply_count: 2, like_count: 3, quote_count: 4 },
        },
        { includes, matching_rules },
      ),
    ).toMatchObject({
      id: '1377650090978992134',
      source: 'x',
      created_at: '2021-04-01T15:52:31.123Z',
      text: '東京 😀 #Cat @bob',
      lang: 'ja',
      author_id: '9',
      author_username: 'ann',
      author_followers: 881,
      hashtags: ['Cat'],
      mentions: ['bob'],
      cashtags: ['TWTR'],
      urls: ['https://example.org/', 'https://a.b'],
      domains: ['example.org', 'a.b'],
      emojis: ['😀'],
      quote_of: '11',
      reply_to: '12',
      conversation_id: '1377650090978992134',
      edit_history_ids: ['1377650090978992134'],
      retweet_count: 1,
      reply_count: 2,
      like_count: 3,
      quote_count: 4,
      place_country: 'DE',
      place_name: 'Berlin, Germany',
      lat: 52.5,
      lon: 13.4,
      rule_tags: ['cats'],
      ingest_path: 'stream',
    });
  });

  it('takes the note of a long post with its own entities', () => {
    const note_tweet = { text: 'long #b', entities: { hashtags: [{ start: 5, end: 7, tag: 'b' }] } };
    const entities = { hashtags: [{ start: 0, end: 2, tag: 'a' }] };
    expect(postOf({ text: '#a …', entities, note_tweet })).toMatchObject({ text: 'long #b', hashtags: ['b'] });
  });

  const RETWEET = {
    text: 'RT @carl: the who…',
    entities: { mentions: [{ start: 3, end: 8, username: 'carl' }] },
    referenced_tweets: [{ type: 'retweeted', id: '1377640162566496258' }],
    public_metrics: { retweet_count: 22, like_count: 0 },
  };

  it('that retweets takes its original from the same line', () => {
    const original = {
      id: '1377640162566496258',
      author_id: '8',
      created_at: '2021-04-01T15:13:04.000Z',
      text: 'the whole @dora',
      entities: { mentions: [{ start: 10, end: 15, username: 'dora' }] },
      public_metrics: { retweet_count: 22, like_count: 20 },
    };
    const includes = { tweets: [original], users: [{ id: '8', username: 'carl' }] };
    expect(postOf(RETWEET, { includes })).toMatchObject({
      text: 'the whole @dora',
      mentions: ['dora'],
      retweet_of: '1377640162566496258',
      retweet_of_author_id: '8',
      retweet_of_author_username: 'carl',
      retweet_of_created_at: '2021-04-01T15:13:04.000Z',
      retweet_count: 22,
      like_count: 20,
    });
  });

  it('that retweets what is not included keeps its own text less the prefix', () => {
    expect(postOf(RETWEET)).toMatchObject({
      text: 'the who…',
      mentions: [],
      retweet_of_author_id: null,
      retweet_of_author_username: 'carl',
      retweet_count: 22,
      like_count: 0,
    });
  });

  it('has the time of its id where none was asked for', () => {
    expect(postOf({ created_at: undefined }).created_at).toBe('2021-04-01T15:52:31.847Z');
  });
});
