import { HOUR_MS, snowflakeId } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { byArrivalHour, fixturePost, fixtureTombstone, START, type FixtureRows } from './fixture.js';
import { answerOf, ask, question } from './harness.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

const SPEC = question('cat');

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

export function identityCases(subject: Subject): void {
  async function idsAndAuthors(rows: FixtureRows): Promise<string[]> {
    const result = await ask(subject.engine, await subject.prepareLake(rows), SPEC);
    expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, SPEC)));
    return result.newest.map(({ id, author_id }) => `${id} ${author_id}`);
  }

  describe('identity', () => {
    it('keeps the first stored of two equal ids, across files and within one', async () => {
      const first = fixturePost({ id: '1', at: START, author: 'first', arrived: START + 10 });
      const second = fixturePost({ id: '1', at: START, author: 'second', arrived: START + 20 });
      const third = fixturePost({ id: '1', at: START + 500, author: 'third', arrived: START + 3 * HOUR_MS });
      expect(await idsAndAuthors(byArrivalHour([first, second, third]))).toEqual(['1 first']);
      expect(await idsAndAuthors({ files: [[second], [first], [third]], tombstones: [] })).toEqual(['1 first']);
    });

    it('takes the order of the files, then of the rows, where arrival times are equal', async () => {
      const rows = ['a', 'b', 'c'].map((author) => fixturePost({ id: '1', at: START, author, arrived: START + 10 }));
      expect(await idsAndAuthors({ files: rows.map((row) => [row]), tombstones: [] })).toEqual(['1 a']);
      expect(await idsAndAuthors({ files: [rows], tombstones: [] })).toEqual(['1 a']);
    });

    it('counts a post once that was captured and imported, wherever it was stored first', async () => {
      const copies = ['a', 'b', 'c'].map((author, n) =>
        fixturePost({ id: '1', at: START, author, arrived: START + n }),
      );
      const other = fixturePost({ id: '2', at: START, author: 'other', arrived: START + 9 });
      for (const importNames of [
        [null, 'june', 'july', 'june'],
        ['june', null, null, 'july'],
      ]) {
        const rows = { files: [...copies.map((copy) => [copy]), [other]], tombstones: [], importNames };
        expect(await idsAndAuthors(rows)).toEqual(['2 other', '1 a']);
      }
      const without = { files: [copies.slice(1), [other]], tombstones: [], importNames: ['july', null] };
      expect(await idsAndAuthors(without)).toEqual(['2 other', '1 b']);
    });

    it('does not mix the ids of two sources', async () => {
      const rows = byArrivalHour([
        fixturePost({ id: '1', at: START, source: 'x', author: 'a' }),
        fixturePost({ id: '1', at: START, source: 'demo', author: 'b' }),
      ]);
      expect(await idsAndAuthors(rows)).toEqual(['1 b', '1 a']);
    });

    it('lets the newest version win and an update hide the older ones, in every order of arrival', async () => {
      const facts = { id: 'at://a', source: 'bluesky', tokens: ['cat'] } as const;
      const versions = [
        { ...facts, at: START, version: 'cid-b', author: 'v1' },
        { ...facts, at: START + HOUR_MS, version: 'cid-a', author: 'v2' },
        { ...facts, at: START + HOUR_MS, version: 'cid-c', author: 'v3' },
        { ...facts, at: START + HOUR_MS, version: 'cid-c', author: 'copy' },
      ];
      for (const order of permutations(versions).filter((_, index) => index % 3 === 0)) {
        const posts = order.map((version, index) =>
          fixturePost({ ...version, arrived: START + (index + 2) * HOUR_MS }),
        );
        const rows = byArrivalHour(posts, [fixtureTombstone('bluesky', 'at://a', START + HOUR_MS)]);
        const winner = posts.find((post) => post.version === 'cid-c')?.author_id ?? '';
        expect(await idsAndAuthors(rows)).toEqual([`at://a ${winner}`]);
      }
    });

    it('hides an older version that matches where the newer one does not', async () => {
      const facts = { id: 'at://a', source: 'bluesky' } as const;
      const rows = byArrivalHour(
        [
          fixturePost({ ...facts, at: START, version: 'one', tokens: ['cat'] }),
          fixturePost({ ...facts, at: START + HOUR_MS, version: 'two', tokens: ['dog'] }),
        ],
        [fixtureTombstone('bluesky', 'at://a', START + HOUR_MS)],
      );
      expect(await idsAndAuthors(rows)).toEqual([]);
    });

    it('lets a delete win over every version, and hide nothing of another source', async () => {
      const rows = byArrivalHour(
        [
          fixturePost({ id: '1', at: START, source: 'x' }),
          fixturePost({ id: '1', at: START, source: 'demo', author: 'kept' }),
          fixturePost({ id: '2', at: START, source: 'bluesky', version: 'one' }),
          fixturePost({ id: '2', at: START + 9 * HOUR_MS, source: 'bluesky', version: 'two' }),
        ],
        [fixtureTombstone('x', '1'), fixtureTombstone('bluesky', '2'), fixtureTombstone('x', 'unknown')],
      );
      expect(await idsAndAuthors(rows)).toEqual(['1 kept']);
    });
  });

  describe('most retweeted', () => {
    it('shows the captured original, in the interval or not, and no retweet of one that was deleted', async () => {
      const original = { author: 'writer', tokens: ['cat', 'original'] };
      const rows = byArrivalHour(
        [
          fixturePost({ ...original, id: 'early', at: START }),
          fixturePost({ ...original, id: 'deleted', at: START + 1 }),
          fixturePost({ id: 'r1', at: START + 2 * HOUR_MS, retweetOf: 'early', retweetOfAt: START, retweetCount: 7 }),
          fixturePost({ id: 'r2', at: START + 3 * HOUR_MS, retweetOf: 'early', retweetOfAt: START, retweetCount: 3 }),
          fixturePost({
            id: 'r3',
            at: START + 2 * HOUR_MS,
            retweetOf: 'deleted',
            retweetOfAt: START + 1,
            text: 'older',
          }),
          fixturePost({
            id: 'r4',
            at: START + 3 * HOUR_MS,
            retweetOf: 'deleted',
            retweetOfAt: START + 1,
            text: 'newer',
          }),
          fixturePost({ id: 'r5', at: START + 3 * HOUR_MS, retweetOf: 'unknown', retweetOfAt: null }),
        ],
        [fixtureTombstone('x', 'deleted')],
      );
      const spec = question('cat', { interval: { from: START + HOUR_MS, to: START + 9 * HOUR_MS } });
      const result = await ask(subject.engine, await subject.prepareLake(rows), spec);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
      expect(
        result.mostRetweeted.map(({ retweetOf, capturedRetweets, reportedRetweets, post }) => [
          retweetOf,
          capturedRetweets,
          reportedRetweets,
          post.id,
          post.author_id,
          post.text,
        ]),
      ).toEqual([
        ['early', 2, 7, 'early', 'writer', 'cat original'],
        ['unknown', 1, null, 'unknown', 'original-author', 'cat'],
      ]);
    });

    it('finds an original by its snowflake where the retweet does not tell its time', async () => {
      const at = START + 123;
      const id = snowflakeId(at);
      const rows = byArrivalHour([
        fixturePost({ id, at: Math.floor(at / 1000) * 1000, author: 'writer' }),
        fixturePost({ id: 'r', at: START + HOUR_MS, retweetOf: id, retweetOfAt: null }),
      ]);
      const result = await ask(subject.engine, await subject.prepareLake(rows), SPEC);
      expect(result.mostRetweeted.map(({ post }) => post.author_id)).toEqual(['writer']);
    });
  });
}
