import { HOUR_MS, MINUTE_MS, snowflakeId, type DeleteRow, type HideReason } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import {
  byArrivalHour,
  fixtureAuthorEvent,
  fixturePost,
  fixturePostEvent,
  fixtureTombstone,
  START,
  type FixtureRows,
} from './fixture.js';
import { allPages, answerOf, ask, question } from './harness.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

const SPEC = question('cat');
const LATER = START + 5 * HOUR_MS;

export function deleteCases(subject: Subject): void {
  /** Ids of the posts that count, by the answer and by pages, both as the reference has them. */
  async function shown(rows: FixtureRows): Promise<string[]> {
    const snapshot = await subject.prepareLake(rows);
    const result = await ask(subject.engine, snapshot, SPEC);
    const expected = referenceAnswer(rows, SPEC);
    expect(answerOf(result)).toEqual(answerOf(expected));
    const pages = await allPages(subject.engine, snapshot, SPEC, 'newest', 3);
    expect(pages.posts).toEqual(expected.allNewest);
    const retweeted = await allPages(subject.engine, snapshot, SPEC, 'most-retweeted', 3);
    expect(retweeted.retweeted).toEqual(expected.allRetweeted);
    return result.newest.map(({ id }) => id).sort();
  }

  /** Two posts of one author, at START and an hour later, and one of another. */
  function withAuthorEvents(...events: readonly DeleteRow[]): FixtureRows {
    return byArrivalHour(
      [
        fixturePost({ id: '1', at: START, author: 'ann' }),
        fixturePost({ id: '2', at: START + HOUR_MS, author: 'ann' }),
        fixturePost({ id: '3', at: START, author: 'bob' }),
      ],
      events,
    );
  }

  describe('deletes of every shape', () => {
    it('hide the retweets of a post that was deleted, but not of one that was updated', async () => {
      const rows = byArrivalHour(
        [
          fixturePost({ id: '1', at: START }),
          fixturePost({ id: '2', at: START + 1, author: 'a2', retweetOf: '1', retweetOfAt: START }),
          fixturePost({ id: '3', at: START + 2, author: 'a3', retweetOf: 'unknown' }),
          fixturePost({ id: '4', at: START + 3, author: 'a4', quoteOf: '1' }),
          fixturePost({ id: '5', at: START + 4, source: 'bluesky', retweetOf: 'updated', version: 'c' }),
        ],
        [
          fixtureTombstone('x', '1'),
          fixtureTombstone('x', 'unknown'),
          fixtureTombstone('bluesky', 'updated', START + HOUR_MS),
        ],
      );
      expect(await shown(rows)).toEqual(['4', '5']);
    });

    it.each<HideReason>(['deleted', 'protected', 'withheld'])(
      'hide what an author posted until then: %s',
      async (reason) => {
        const event = fixtureAuthorEvent('x', 'ann', { at: START + HOUR_MS - 1, reason });
        expect(await shown(withAuthorEvents(event))).toEqual(['2', '3']);
        const atThatTime = fixtureAuthorEvent('x', 'ann', { at: START + HOUR_MS, reason });
        expect(await shown(withAuthorEvents(atThatTime))).toEqual(['3']);
      },
    );

    it('are about one source, and about the author and not about a post of that id', async () => {
      const elsewhere = fixtureAuthorEvent('bluesky', 'ann', { at: LATER });
      expect(await shown(withAuthorEvents(elsewhere, fixtureAuthorEvent('x', '3', { at: LATER })))).toEqual([
        ...['1', '2', '3'],
      ]);
    });

    it('are undone by a newer event, in whatever order they arrive', async () => {
      const hide = fixtureAuthorEvent('x', 'ann', { at: LATER });
      const show = fixtureAuthorEvent('x', 'ann', { at: LATER + MINUTE_MS, hidden: false });
      const again = fixtureAuthorEvent('x', 'ann', { at: LATER + 2 * MINUTE_MS, reason: 'protected' });
      expect(await shown(withAuthorEvents(hide, show))).toEqual(['1', '2', '3']);
      expect(await shown(withAuthorEvents(show, hide))).toEqual(['1', '2', '3']);
      expect(await shown(withAuthorEvents(again, show, hide))).toEqual(['3']);
      const sameTime = fixtureAuthorEvent('x', 'ann', { at: LATER + MINUTE_MS });
      expect(await shown(withAuthorEvents(show, sameTime))).toEqual(['3']);
    });

    it('keep what is withheld apart from what else happened to an account', async () => {
      const suspended = fixtureAuthorEvent('x', 'ann', { at: LATER });
      const elsewhere = fixtureAuthorEvent('x', 'ann', { at: LATER + 1, hidden: false, reason: 'withheld' });
      expect(await shown(withAuthorEvents(suspended, elsewhere))).toEqual(['3']);
      const withheld = fixtureAuthorEvent('x', 'ann', { at: LATER, reason: 'withheld' });
      const back = fixtureAuthorEvent('x', 'ann', { at: LATER + 1, hidden: false });
      expect(await shown(withAuthorEvents(withheld, back))).toEqual(['3']);
      expect(await shown(withAuthorEvents(withheld, elsewhere))).toEqual(['1', '2', '3']);
    });

    it('hide retweets of the author by when the original was created', async () => {
      const [before, after] = [snowflakeId(START), snowflakeId(LATER + HOUR_MS)];
      const retweet = { author: 'bob', at: LATER + 2 * HOUR_MS, retweetOfAuthor: 'ann' };
      const rows = byArrivalHour(
        [
          fixturePost({ ...retweet, id: '1', retweetOf: 'a', retweetOfAt: START }),
          fixturePost({ ...retweet, id: '2', retweetOf: 'b', retweetOfAt: LATER + HOUR_MS }),
          fixturePost({ ...retweet, id: '3', retweetOf: before, retweetOfAt: null }),
          fixturePost({ ...retweet, id: '4', retweetOf: after, retweetOfAt: null }),
          fixturePost({ ...retweet, id: '5', at: LATER, retweetOf: 'c', retweetOfAt: null }),
          fixturePost({ ...retweet, id: '6', retweetOf: 'd', retweetOfAt: null }),
          fixturePost({ ...retweet, id: '7', retweetOf: 'e', retweetOfAt: START, retweetOfAuthor: null }),
          // A shape that tells whole seconds only, of an original whose id tells the millisecond.
          fixturePost({ ...retweet, id: '8', retweetOf: snowflakeId(LATER + 500), retweetOfAt: LATER }),
        ],
        [fixtureAuthorEvent('x', 'ann', { at: LATER })],
      );
      expect(await shown(rows)).toEqual(['2', '4', '6', '7']);
    });

    it('do not show a hidden author’s post as an original', async () => {
      const rows = byArrivalHour(
        [
          fixturePost({ id: 'original', at: START, author: 'ann', tokens: ['dog'], text: 'hidden' }),
          fixturePost({ id: '1', at: LATER, retweetOf: 'original', retweetOfAt: START, retweetOfAuthor: null }),
        ],
        [fixtureAuthorEvent('x', 'ann', { at: LATER })],
      );
      expect(await shown(rows)).toEqual(['1']);
    });

    it('hide and show a single post with its retweets', async () => {
      const posts = [
        fixturePost({ id: '1', at: START }),
        fixturePost({ id: '2', at: START + 1, retweetOf: '1', retweetOfAt: START }),
        fixturePost({ id: '3', at: START + 2 }),
      ];
      const drop = fixturePostEvent('x', '1', { at: LATER, reason: 'dropped' });
      const undrop = fixturePostEvent('x', '1', { at: LATER + 1, reason: 'dropped', hidden: false });
      expect(await shown(byArrivalHour(posts, [drop]))).toEqual(['3']);
      expect(await shown(byArrivalHour(posts, [undrop, drop]))).toEqual(['1', '2', '3']);
      expect(await shown(byArrivalHour(posts, [undrop, fixtureTombstone('x', '1')]))).toEqual(['3']);
    });

    it('leave posts alone whose places are taken away', async () => {
      const removal: DeleteRow = {
        source: 'x',
        id: null,
        author_id: 'ann',
        up_to_id: '9',
        at: new Date(LATER).toISOString(),
        reason: 'scrub_geo',
        ingested_at: new Date(LATER).toISOString(),
      };
      expect(await shown(withAuthorEvents(removal))).toEqual(['1', '2', '3']);
    });
  });
}
