import { describe, expect, it } from 'vitest';
import { generatedPost } from '../../../test/doubles/x-api-posts.ts';
import { accountOf, openDouble } from '../../../test/support/x-stream.js';
import { normaliseLine } from '../../normalise/normalise-line.js';
import { withStreamNames } from './renamed-fields.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const context = { arrivedAt: NOW, path: 'search', source: 'x', shiftMs: 0 } as const;

/** The same page, as the newer reference writes it. */
function renamed(page: unknown): unknown {
  return JSON.parse(
    JSON.stringify(page)
      .replaceAll('"note_tweet":', '"note_post":')
      .replaceAll('"referenced_tweets":', '"referenced_posts":')
      .replaceAll('"edit_history_tweet_ids":', '"edit_history_post_ids":')
      .replaceAll('"tweets":', '"posts":'),
  );
}

describe('withStreamNames', () => {
  it('makes the same posts of a page, whichever names it has', () => {
    const posts = Array.from({ length: 60 }, (_, n) => generatedPost(n, NOW - 1000));
    for (const { data, includes } of posts) {
      const page = { data: [data], includes, meta: { result_count: 1 } };
      expect(withStreamNames(page)).toEqual(page);
      const read = withStreamNames(renamed(page) as Record<string, unknown>);
      expect(read).toEqual(page);
      expect(normaliseLine(Buffer.from(JSON.stringify(read)), context)).toMatchObject([{ kind: 'post' }]);
    }
  });

  it('leaves what is no page of posts as it is', () => {
    for (const page of [{ meta: {} }, { data: [7, null] }, { errors: [{ title: 'x' }] }])
      expect(withStreamNames(page)).toEqual(page);
  });
});

describe('a search', () => {
  it('asks by the newer names where X does not take the older ones, and once only', async () => {
    const double = await openDouble({
      now: () => NOW,
      answer: ({ path, query }) => {
        if (path !== '/2/tweets/search/recent') return undefined;
        if (query.has('tweet.fields')) {
          const message = 'The query parameter [tweet.fields] is not one of [query,max_results,post.fields]';
          return { status: 400, body: { errors: [{ message }], title: 'Invalid Request' } };
        }
        const { data, includes } = generatedPost(10, NOW - 60_000);
        return { status: 200, body: renamed({ data: [data], includes, meta: { result_count: 1 } }) };
      },
    });
    const { api } = accountOf(double);
    const span = { query: 'coffee', from: NOW - 3_600_000, to: NOW - 60_000 };
    for (let n = 0; n < 2; n += 1) {
      const { body } = await api.searchPage(span, null);
      expect(normaliseLine(Buffer.from(JSON.stringify(body)), context)).toMatchObject([
        { kind: 'post', post: { retweet_of_author_username: expect.stringMatching(/^author/) as string } },
      ]);
    }
    expect(double.requests.map(({ query }) => query.has('post.fields'))).toEqual([false, true, true]);
  });
});
