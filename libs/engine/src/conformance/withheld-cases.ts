import { type DeleteRow, HOUR_MS, type Post, resultHashMaterial } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { byArrivalHour, fixtureAuthorEvent, fixturePost, fixturePostEvent, START } from './fixture.js';
import { allPages, answerOf, ask, question } from './harness.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

const SPEC = question('cat');
const LATER = START + 5 * HOUR_MS;

/** Something is withheld in these countries, and shown. */
function within(at: number, ...countries: readonly string[]) {
  return { at, hidden: false, reason: 'withheld', countries } as const;
}

/** Where a post is withheld says the rows of a result, and those of pages, without any other difference. */
export function withheldCases(subject: Subject): void {
  /** The countries beside each post, and beside each retweeted one, by the answer and by pages, both as the reference has them. */
  async function told(posts: readonly Post[], events: readonly DeleteRow[]) {
    const rows = byArrivalHour(posts, events);
    const snapshot = await subject.prepareLake(rows);
    const result = await ask(subject.engine, snapshot, SPEC);
    const expected = referenceAnswer(rows, SPEC);
    expect(answerOf(result)).toEqual(answerOf(expected));
    const newest = await allPages(subject.engine, snapshot, SPEC, 'newest', 2);
    expect(newest.posts).toEqual(expected.allNewest);
    const retweeted = await allPages(subject.engine, snapshot, SPEC, 'most-retweeted', 2);
    expect(retweeted.retweeted).toEqual(expected.allRetweeted);
    expect(retweeted.posts).toEqual(expected.allRetweeted.map(({ post }) => post));
    return {
      posts: Object.fromEntries(
        result.newest.map(({ source, id, withheld_in }) => [`${source} ${id}`, withheld_in ?? []]),
      ),
      retweeted: Object.fromEntries(
        result.mostRetweeted.map(({ retweetOf, post }) => [retweetOf, post.withheld_in ?? []]),
      ),
    };
  }

  describe('posts that are withheld in some countries', () => {
    it('tell those of the post and of its author, as far as the author’s event is about them', async () => {
      const posts = [
        fixturePost({ id: '1', at: START, author: 'ann' }),
        fixturePost({ id: '2', at: LATER + 1, author: 'ann' }),
        fixturePost({ id: '3', at: START, author: 'bob' }),
        fixturePost({ id: '1', at: START, author: 'ann', source: 'bluesky' }),
      ];
      const events = [
        fixtureAuthorEvent('x', 'ann', within(LATER, 'FR', 'DE')),
        fixturePostEvent('x', '1', within(START + 1, 'AU', 'DE')),
        fixtureAuthorEvent('x', '3', within(LATER, 'IN')),
      ];
      expect((await told(posts, events)).posts).toEqual({
        'x 1': ['AU', 'DE', 'FR'],
        'x 2': [],
        'x 3': [],
        'bluesky 1': [],
      });
    });

    it('follow the newest event, in whatever order they arrive, and no event of another reason', async () => {
      const posts = ['1', '2', '3', '4', '5', '6'].map((id, index) => fixturePost({ id, at: START + index }));
      const [first, second, third] = [within(LATER, 'DE'), within(LATER + 1, 'FR'), within(LATER + 2)];
      const everywhere = { at: LATER - 1, reason: 'withheld', countries: ['XX', 'AU'] } as const;
      const undrop = { at: LATER + 2, hidden: false, reason: 'dropped' } as const;
      const events = Object.entries({
        '1': [second, first],
        '2': [first, undrop],
        '3': [second, third, first],
        '4': [everywhere, first],
        '5': [everywhere],
        '6': [first, within(LATER, 'AU')],
      }).flatMap(([id, own]) => own.map((event) => fixturePostEvent('x', id, event)));
      expect((await told(posts, events)).posts).toEqual({
        'x 1': ['FR'],
        'x 2': ['DE'],
        'x 3': [],
        'x 4': ['DE'],
        'x 6': ['AU', 'DE'],
      });
    });

    it('tell those of what a retweet repeats, captured or not', async () => {
      const retweet = { author: 'bob', at: LATER + HOUR_MS };
      const posts = [
        fixturePost({ id: 'seen', at: START, author: 'ann', tokens: ['dog'] }),
        fixturePost({ ...retweet, id: '1', retweetOf: 'seen', retweetOfAt: START, retweetOfAuthor: 'ann' }),
        fixturePost({ ...retweet, id: '2', retweetOf: 'unseen', retweetOfAt: START, retweetOfAuthor: 'ann' }),
        fixturePost({ ...retweet, id: '3', retweetOf: 'late', retweetOfAt: LATER + 1_000, retweetOfAuthor: 'ann' }),
        fixturePost({ ...retweet, id: '4', author: 'cy', quoteOf: 'seen' }),
      ];
      const events = [
        fixtureAuthorEvent('x', 'ann', within(LATER, 'DE')),
        fixturePostEvent('x', 'seen', within(LATER, 'FR')),
        fixturePostEvent('x', 'late', within(LATER, 'AU')),
        fixtureAuthorEvent('x', 'bob', within(LATER + 2 * HOUR_MS, 'IN')),
      ];
      expect(await told(posts, events)).toEqual({
        posts: { 'x 1': ['DE', 'FR', 'IN'], 'x 2': ['DE', 'IN'], 'x 3': ['AU', 'IN'], 'x 4': [] },
        retweeted: { seen: ['DE', 'FR'], unseen: ['DE'], late: ['AU'] },
      });
    });

    it('have the figures and the hash of a lake without such events', async () => {
      const posts = [fixturePost({ id: '1', at: START }), fixturePost({ id: '2', at: START + 1, retweetOf: '1' })];
      const plain = await ask(subject.engine, await subject.prepareLake(byArrivalHour(posts)), SPEC);
      const event = fixturePostEvent('x', '1', within(LATER, 'DE'));
      const withheld = await ask(subject.engine, await subject.prepareLake(byArrivalHour(posts, [event])), SPEC);
      expect(withheld.newest.map(({ withheld_in }) => withheld_in)).toEqual([['DE'], ['DE']]);
      expect(resultHashMaterial(withheld)).toBe(resultHashMaterial(plain));
    });
  });
}
