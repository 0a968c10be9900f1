import { HOUR_MS, MINUTE_MS } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { byArrivalHour, fixturePost, START, type PostFacts } from './fixture.js';
import { answerOf, ask, question } from './harness.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

function lakeOf(facts: readonly Omit<PostFacts, 'id' | 'at'>[], ats: readonly number[] = []) {
  return byArrivalHour(
    facts.map((fact, index) =>
      fixturePost({ id: `p${String(index)}`, at: ats[index] ?? START + index * MINUTE_MS, ...fact }),
    ),
  );
}

/** Thirty keys in one post each, beyond the BMP and at its end among them: UTF-16 order would choose others. */
const TIED = [
  ...Array.from({ length: 26 }, (_, index) => `k${String.fromCharCode(97 + index)}`),
  '\uFFEEz',
  '\u{10400}z',
  '\u{1F600}z',
  '\uE000z',
  'zz',
  'ÿz',
];

export function figureCases(subject: Subject): void {
  describe('figures', () => {
    it('counts posts, retweets, replies, quotes, authors and words', async () => {
      const rows = lakeOf([
        { author: 'a', tokens: ['cat', 'one'], replyTo: 'x' },
        { author: 'a', tokens: ['cat', 'two'], quoteOf: 'x', replyTo: 'x' },
        { author: 'b', tokens: ['cat', 'one'], retweetOf: 'gone', retweetCount: 5 },
        { author: 'a', source: 'demo', tokens: ['cat'] },
        { author: 'c', tokens: ['dog'] },
      ]);
      const result = await ask(subject.engine, await subject.prepareLake(rows), question('cat'));
      expect(result.counts).toEqual({ posts: 4, retweets: 1, replies: 2, quotes: 1, authors: 3, words: 5 });
      expect(result.scannedPosts).toBe(5);
      expect(result.complete).toBe(true);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, question('cat'))));
    });

    it('counts reposts of Bluesky as retweets, but none without text', async () => {
      const uri = (author: string, key: string) => `at://did:plc:${author}/app.bsky.feed.post/${key}`;
      const repost = { source: 'bluesky', version: 'r', tokens: ['cat', 'one'], retweetOf: uri('ann', '1') } as const;
      const gone = { ...repost, retweetOf: uri('eve', '9'), author: 'b', retweetOfAt: START - HOUR_MS };
      const empty = { ...repost, tokens: [], text: '', author: 'd' };
      const captured = fixturePost({
        ...{ id: uri('ann', '1'), at: START, source: 'bluesky', version: 'c1', tokens: ['cat', 'one'] },
        ...{ author: 'did:plc:ann', hashtags: ['One'] },
      });
      const { files } = lakeOf([
        { ...repost, author: 'b', retweetOfAt: START, hashtags: ['One'] },
        { ...repost, author: 'c', retweetOfAt: START },
        ...[gone, empty, { ...empty, retweetOf: uri('eve', '9') }],
      ]);
      const rows = byArrivalHour([captured, ...files.flat()]);
      const snapshot = await subject.prepareLake(rows);
      for (const topic of ['cat', 'cat NOT dog', '#one OR cat', '"cat one"']) {
        const result = await ask(subject.engine, snapshot, question(topic));
        expect(result.counts).toMatchObject({ posts: 4, retweets: 3, authors: 3 });
        expect(result.mostRetweeted).toMatchObject([
          { retweetOf: uri('ann', '1'), source: 'bluesky', capturedRetweets: 2, reportedRetweets: null },
          { retweetOf: uri('eve', '9'), capturedRetweets: 1, post: { id: uri('eve', '9') } },
        ]);
        expect(result.mostRetweeted[0]?.post).toMatchObject({ author_id: 'did:plc:ann', retweet_of: null });
        expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, question(topic))));
      }
    });

    it('answers nothing for a topic that nobody mentions', async () => {
      const rows = lakeOf([{ tokens: ['dog'] }]);
      const result = await ask(subject.engine, await subject.prepareLake(rows), question('cat'));
      const empty = { entries: [], distinct: 0, postsWith: 0 };
      expect(answerOf(result)).toEqual({
        counts: { posts: 0, retweets: 0, replies: 0, quotes: 0, authors: 0, words: 0 },
        hashtags: empty,
        words: empty,
        mentions: empty,
        authors: empty,
        domains: empty,
        cells: [],
        newest: [],
        mostRetweeted: [],
      });
    });

    it('cuts every list at the 20th place by UTF-8 bytes', async () => {
      const rows = lakeOf(
        TIED.map((key) => ({
          tokens: ['cat'],
          words: [key, key],
          hashtags: [key],
          mentions: [key],
          domains: [key],
          author: key,
        })),
      );
      const spec = question('cat');
      const result = await ask(subject.engine, await subject.prepareLake(rows), spec);
      expect(result.words.entries.map(({ key }) => key)).toEqual(TIED.slice(0, 20));
      expect(result.words.distinct).toBe(TIED.length);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
    });

    it('orders keys beyond the BMP after the last ones within it', async () => {
      const keys = ['\u{10400}', '\uFFEE', '\u{1F600}', '\uE000', 'a'];
      const rows = lakeOf(keys.map((key) => ({ hashtags: [key], words: [key] })));
      const result = await ask(subject.engine, await subject.prepareLake(rows), question('cat'));
      expect(result.words.entries.map(({ key }) => key)).toEqual(['a', '\uE000', '\uFFEE', '\u{10400}', '\u{1F600}']);
    });

    it('ranks by distinct posts, not by uses', async () => {
      const loud = Array.from({ length: 70 }, (_, index) => `loud${String(index)}`);
      const rows = lakeOf([
        { words: loud.flatMap((word) => [word, word, word]) },
        { words: ['quiet'] },
        { words: ['quiet'] },
        { words: ['loud1', 'quiet'] },
      ]);
      const spec = question('cat');
      const result = await ask(subject.engine, await subject.prepareLake(rows), spec);
      expect(result.words.entries.slice(0, 2).map(({ key, posts, uses }) => [key, posts, uses])).toEqual([
        ['quiet', 3, 3],
        ['loud1', 2, 4],
      ]);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
    });

    it('labels by the commonest spelling, ties bytewise least', async () => {
      const rows = lakeOf([
        { hashtags: ['cat', 'CAT', 'Dog'], author: 'a', username: 'old' },
        { hashtags: ['Cat', 'Cat', 'dog'], author: 'a', username: 'New' },
        { hashtags: ['\u{10400}'], author: 'b', username: null },
        { author: 'c', username: null },
        { author: 'c', username: 'late' },
      ]);
      const spec = question('cat');
      const result = await ask(subject.engine, await subject.prepareLake(rows), spec);
      expect(result.hashtags.entries.map(({ key, label }) => [key, label]).slice(0, 2)).toEqual([
        ['cat', 'Cat'],
        ['dog', 'Dog'],
      ]);
      expect(result.authors.entries.map(({ key, label }) => [key, label])).toEqual([
        ['a', 'New'],
        ['c', 'late'],
        ['b', 'b'],
      ]);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
    });

    it('leaves out stop words by language and the words of retweets, each switchable', async () => {
      const rows = lakeOf([
        { lang: 'en', words: ['the', 'cat', 'porque'] },
        { lang: 'es', words: ['the', 'cat', 'porque'] },
        { lang: 'en', words: ['the', 'and', 'the'] },
        { lang: 'en', words: ['the', 'dog', 'and'] },
        { lang: 'en', words: ['echo', 'the'], retweetOf: 'gone' },
        { lang: 'zz', words: [] },
      ]);
      const snapshot = await subject.prepareLake(rows);
      for (const includeStopWords of [false, true]) {
        for (const includeRetweetWords of [false, true]) {
          const spec = question('cat', { includeStopWords, includeRetweetWords });
          const result = await ask(subject.engine, snapshot, spec);
          expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
        }
      }
      const { words, counts } = await ask(subject.engine, snapshot, question('cat'));
      expect([counts.words, words.distinct, words.postsWith]).toEqual([5, 4, 3]);
    });

    it('takes an interval as half open and keeps minutes under six hours, else quarter hours', async () => {
      const from = START + HOUR_MS;
      const ats = [from - 1, from, from + 1, from + 6 * HOUR_MS - 1, from + 6 * HOUR_MS, START + 30 * HOUR_MS];
      const rows = lakeOf(
        ats.map(() => ({})),
        ats,
      );
      const snapshot = await subject.prepareLake(rows);
      for (const to of [from + 1, from + 6 * HOUR_MS - MINUTE_MS, from + 6 * HOUR_MS, from + 6 * HOUR_MS + 1]) {
        const spec = question('cat', { interval: { from, to } });
        expect(answerOf(await ask(subject.engine, snapshot, spec))).toEqual(answerOf(referenceAnswer(rows, spec)));
      }
      const result = await ask(
        subject.engine,
        snapshot,
        question('cat', { interval: { from, to: from + 6 * HOUR_MS } }),
      );
      expect(result.counts.posts).toBe(3);
      expect(result.cells.map(({ start }) => start)).toEqual([from, from + 6 * HOUR_MS - 15 * MINUTE_MS]);
    });

    it('finds posts whose arrival lies years after their creation', async () => {
      const old = Date.UTC(2011, 5, 1, 12, 34, 56, 789);
      const rows = byArrivalHour([
        fixturePost({ id: 'old', at: old, arrived: START }),
        fixturePost({ id: 'new', at: START, arrived: START + 1 }),
      ]);
      const spec = question('cat', { interval: { from: old, to: old + HOUR_MS } });
      const result = await ask(subject.engine, await subject.prepareLake(rows), spec);
      expect(result.newest.map(({ id, created_at }) => [id, created_at])).toEqual([
        ['old', '2011-06-01T12:34:56.789Z'],
      ]);
    });
  });
}
