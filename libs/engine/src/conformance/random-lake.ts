import { type DeleteRow, type HideReason, HOUR_MS, type Post, POST_SOURCES } from '@analytica/domain';
import {
  byArrivalHour,
  fixtureAuthorEvent,
  fixturePost,
  fixturePostEvent,
  fixtureTombstone,
  START,
  type FixtureRows,
} from './fixture.js';

/** A small seeded generator (mulberry32): a failing case is repeated by its seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(part: number): boolean {
    return this.next() < part;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  many<T>(limit: number, make: () => T): T[] {
    return Array.from({ length: this.below(limit + 1) }, make);
  }
}

/** Few and treacherous: neighbours in bytes but not in UTF-16, prefixes of one another, quotes are no tokens but labels may be. */
const WORDS: readonly [string, ...string[]] = [
  'cat',
  'cats',
  'ca',
  'dog',
  'the',
  'and',
  'que',
  'año',
  'ano',
  '東',
  '京',
  'ﬀ',
  '\uFB01x',
  '𝒜𝒷',
  '𐐀𐐁',
  '\uFFEEa',
  '_',
  'x1',
];
const TAGS: readonly [string, ...string[]] = [
  'Cat',
  'cat',
  'CAT',
  'Dog',
  'dog',
  '東京',
  '𐐀',
  'ﬀ',
  "o'x",
  'a;b',
  'É"',
  'r\u001Es',
];
const NAMES: readonly [string, ...string[]] = ['bob', 'ann', 'z_9', 'did.bsky.social'];
const HOSTS: readonly [string, ...string[]] = ['a.example', 'b.example', 'ü.example', 'h\u001Fo.example'];
const LANGS: readonly [string, ...string[]] = ['en', 'es', 'und', 'ja'];

/** A lake with everything that can go wrong in it: copies, versions, deletes, late arrivals, ties everywhere. */
export function randomLake(dice: Dice, size: number): FixtureRows {
  const posts: Post[] = [];
  const tombstones: DeleteRow[] = [];
  const withEvents = dice.chance(0.6);
  const hours = 1 + dice.below(12);
  for (let index = 0; index < size; index++) {
    const source = dice.pick(POST_SOURCES);
    const at = START + dice.below(hours * 60) * 60_000 + dice.below(3) * 500;
    const earlier = posts.length > 0 && dice.chance(0.4) ? posts[dice.below(posts.length)] : undefined;
    const target = earlier?.id.startsWith('p') ? earlier : undefined;
    const stranger = target === undefined && source !== 'bluesky' && dice.chance(0.1);
    const retweet =
      target !== undefined && source !== 'bluesky' && target.source === source && target.retweet_of === null
        ? {
            retweetOf: target.id,
            retweetOfAt: Date.parse(target.created_at),
            retweetOfAuthor: dice.chance(0.8) ? target.author_id : null,
          }
        : stranger
          ? { retweetOf: `gone-${String(dice.below(3))}`, retweetOfAt: dice.chance(0.5) ? START - HOUR_MS : null }
          : {};
    const tokens = dice.many(6, () => dice.pick(WORDS));
    const hashtags = dice.many(2, () => dice.pick(TAGS));
    // In many texts the words are the tokens with at least two code points and a letter (rule 12).
    const words = dice.chance(0.5)
      ? [...tokens, ...hashtags.map((tag) => tag.toLowerCase())].filter(
          (token) => /..+/u.test(token) && /\p{L}/u.test(token),
        )
      : dice.many(6, () => dice.pick(WORDS));
    const post = fixturePost({
      // Ids that begin with d come again with other contents; only the others are retweeted.
      id: dice.chance(0.85) ? `p${String(index)}` : `d${String(dice.below(6))}`,
      at,
      arrived: at + (dice.chance(0.1) ? dice.below(30) * HOUR_MS : dice.below(3) * 1_000),
      source,
      tokens,
      words,
      hashtags,
      mentions: dice.many(2, () => dice.pick(NAMES)),
      domains: [...new Set(dice.many(2, () => dice.pick(HOSTS)))],
      author: `a${String(dice.below(8))}`,
      username: dice.chance(0.2) ? null : dice.pick(NAMES),
      lang: dice.pick(LANGS),
      ...(dice.chance(0.2) ? { replyTo: 'r' } : {}),
      ...(dice.chance(0.2) ? { quoteOf: 'q' } : {}),
      ...(source === 'bluesky' ? { version: `cid${String(dice.below(3))}` } : {}),
      retweetCount: dice.chance(0.5) ? dice.below(100) : null,
      ...retweet,
      text: `post ${String(index)} 'quoted' "twice" \\ 😀`,
    });
    posts.push(post);
    if (dice.chance(0.1)) posts.push({ ...post, ingested_at: new Date(at + dice.below(40) * HOUR_MS).toISOString() });
    if (dice.chance(0.08)) {
      tombstones.push(fixtureTombstone(source, post.id, dice.chance(0.5) ? null : at + (dice.below(3) - 1) * 60_000));
    }
    if (withEvents && dice.chance(0.08)) {
      const hidden = dice.chance(0.6);
      const event = {
        at: at + (dice.below(5) - 2) * 600_000,
        hidden,
        reason: dice.pick<HideReason>(['suspended', 'deleted', 'withheld', 'deactivated']),
        countries: [...(hidden ? ['XY'] : []), ...dice.pick([['DE'], ['FR', 'DE'], []])],
      };
      tombstones.push(
        dice.chance(0.7) ? fixtureAuthorEvent(source, post.author_id, event) : fixturePostEvent(source, post.id, event),
      );
    }
  }
  return byArrivalHour(posts, tombstones);
}

/** A topic that parses: some positive term, and others around it. */
export function randomTopic(dice: Dice): string {
  const term = (): string => {
    const word = dice.pick(['cat', 'dog', 'the', 'que', 'ano', '東', '京']);
    const kind = dice.below(5);
    if (kind === 0) return `#${dice.pick(['cat', 'dog', '東京'])}`;
    if (kind === 1) return `@${dice.pick(['bob', 'ann'])}`;
    if (kind === 2) return `"${word} ${dice.pick(['cat', 'dog'])}"`;
    return word;
  };
  const one = term();
  switch (dice.below(7)) {
    case 0:
      return one;
    case 1:
      return `${one} OR ${term()}`;
    case 2:
      return `${one} ${term()}`;
    case 3:
      return `${one} AND NOT ${term()}`;
    case 4:
      return `(${one} OR ${term()}) AND NOT (${term()} OR ${term()})`;
    case 5:
      return `${one} OR (${term()} ${term()} AND NOT ${term()})`;
    default:
      return `(${one} OR ${term()} OR ${term()}) (${term()} OR ${term()})`;
  }
}
