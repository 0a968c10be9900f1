import { DAY_MS, MINUTE_MS } from '@analytica/domain';
import { COMMUNITIES, LANGUAGES, type Community } from './communities.js';
import type { Topic } from './content/language-content.js';
import { TOPICS } from './content/topics.js';
import { at, hashUnit, pickCumulative, type Rng } from './prng.js';
import { BoundedCache } from './bounded-cache.js';
import type { Burst } from './rate-curve.js';

const SLOT = 20 * MINUTE_MS;
/** Share of posts about nothing in particular. */
const CHATTER = 0.24;
/** The hottest and the coolest day of a topic, in multiples of its usual one. */
const HOTTEST = 1.6;
const COOLEST = 0.6;
/** How much those away from a topic's home talk about it, where their language has a home for it. */
const AWAY = 0.035;

const BURST_TOPICS: readonly number[] = TOPICS.flatMap((topic, index) => (topic.burst === undefined ? [] : [index]));

export function burstTopic({ pick }: Burst): number {
  return at(BURST_TOPICS, pick === 0 ? 0 : 1 + (pick % (BURST_TOPICS.length - 1)));
}

function homeOf({ utcOffsetHours }: Community): Topic['home'] | null {
  if (utcOffsetHours < -2) return 'west';
  return utcOffsetHours < 4 ? 'east' : null;
}

/**
 * A topic of a language that is spoken around the world mostly belongs to one side of the ocean: only so does its
 * volume show day and night.
 */
const AT_HOME: readonly Float64Array[] = TOPICS.map(({ home }) =>
  Float64Array.from(COMMUNITIES, (community) => {
    const hasHome = COMMUNITIES.some((other) => other.lang === community.lang && homeOf(other) === home);
    return home === 'all' || !hasHome || homeOf(community) === home ? 1 : AWAY;
  }),
);

/** What people talk about at a time: each topic has its better and its worse days. */
export class TopicHeat {
  readonly #seed: number;
  readonly #slots = new BoundedCache<readonly Float64Array[]>(400);

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The index of a topic, or -1 for chatter. */
  pick(t: number, community: number, rng: Rng): number {
    const chatter = rng.next() < CHATTER;
    const unit = rng.next();
    if (chatter) return -1;
    const slot = Math.floor(t / SLOT);
    return pickCumulative(
      at(
        this.#slots.get(slot, () => this.#slot(slot)),
        community,
      ),
      unit,
    );
  }

  #slot(slot: number): readonly Float64Array[] {
    const heats = TOPICS.map((topic, index) => topic.weight * this.#heat(index, (slot + 0.5) * SLOT));
    return COMMUNITIES.map(({ lang }, community) => {
      const langIndex = LANGUAGES.indexOf(lang);
      let sum = 0;
      return Float64Array.from(heats, (heat, index) => {
        const interest = 0.5 + hashUnit(this.#seed, index, 1000 + langIndex);
        sum += heat * interest * (AT_HOME[index]?.[community] ?? 1);
        return sum;
      });
    });
  }

  /** Goes over from one day's heat to the next without a step, within the hours around midnight UTC. */
  #heat(topic: number, t: number): number {
    const day = Math.floor(t / DAY_MS - 0.5);
    const between = Math.min(1, Math.max(0, (t / DAY_MS - 0.5 - day - 0.3) / 0.4));
    const from = this.#heatOfDay(topic, day);
    const to = this.#heatOfDay(topic, day + 1);
    return from + (to - from) * between * between * (3 - 2 * between);
  }

  #heatOfDay(topic: number, day: number): number {
    return COOLEST * Math.pow(HOTTEST / COOLEST, hashUnit(this.#seed ^ 0xb0b, topic, day));
  }
}
