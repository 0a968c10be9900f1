import { describe, expect, it } from 'vitest';
import { int, postUrl } from './post-model.js';

describe('postUrl', () => {
  it.each([
    [{ source: 'x', id: '123', author_username: 'ana', retweet_of: null }, 'https://x.com/ana/status/123'],
    [{ source: 'x', id: '123', author_username: null, retweet_of: null }, 'https://x.com/i/status/123'],
    [
      { source: 'bluesky', id: 'at://did:plc:abc/app.bsky.feed.post/3k', author_username: null, retweet_of: null },
      'https://bsky.app/profile/did:plc:abc/post/3k',
    ],
    [
      {
        source: 'bluesky',
        id: 'at://did:plc:bob/app.bsky.feed.repost/3r',
        author_username: null,
        retweet_of: 'at://did:plc:abc/app.bsky.feed.post/3k',
      },
      'https://bsky.app/profile/did:plc:abc/post/3k',
    ],
    [
      { source: 'bluesky', id: 'at://did:plc:abc/app.bsky.feed.like/3k', author_username: null, retweet_of: null },
      null,
    ],
    [{ source: 'demo', id: '1', author_username: 'ana', retweet_of: null }, null],
    [
      { source: 'x', id: '1/../../evil', author_username: 'a?b', retweet_of: null },
      'https://x.com/a%3Fb/status/1%2F..%2F..%2Fevil',
    ],
  ] as const)('of %j is %s', (post, url) => {
    expect(postUrl(post)).toBe(url);
  });
});

it('keeps hostile counts within GraphQL Int', () => {
  expect([int(null), int(5), int(-1), int(9e18)]).toEqual([null, 5, 0, 2_147_483_647]);
});
