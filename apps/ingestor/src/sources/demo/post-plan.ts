import { MINUTE_MS, snowflakeId } from '@analytica/domain';
import type { Authors } from './authors.js';
import { COMMUNITIES, LANGUAGES, type Lang } from './communities.js';
import { at, hash32, hashUnit, pickCumulative, poisson, Rng } from './prng.js';
import { BoundedCache } from './bounded-cache.js';
import { burstInterest, rateAt, type Burst, type RateAt } from './rate-curve.js';

/** Posts from here on arrive much later than they were written; nothing refers to them. */
export const LATE_INDEX = 1 << 21;

export type Kind = 'original' | 'reply' | 'quote' | 'retweet';

/** What is settled about a post before it has a text; made anew from (seed, minute, index) whenever it is needed. */
export interface PostPlan {
  readonly minute: number;
  readonly index: number;
  readonly createdAt: number;
  readonly kind: Kind;
  readonly lang: Lang;
  readonly langIndex: number;
  readonly community: number;
  readonly author: number;
  /** The burst it belongs to. */
  readonly burst: Burst | null;
  /** From writing to arrival, ms. */
  readonly delay: number;
  /** It arrives a second time so many ms later; 0: once. */
  readonly repeatAfter: number;
}

interface MinuteState {
  readonly rate: RateAt;
  readonly count: number;
  readonly burstCommunities: Float64Array | null;
}

const LANG_OF_COMMUNITY = COMMUNITIES.map((community) => LANGUAGES.indexOf(community.lang));

/** Which posts were written in which minute. Knows no history: any minute can be asked for at any time. */
export class PostPlans {
  readonly seed: number;
  readonly rate: number;
  readonly #authors: Authors;
  readonly #minutes = new BoundedCache<MinuteState>(6000);

  constructor(seed: number, rate: number, authors: Authors) {
    this.seed = seed;
    this.rate = rate;
    this.#authors = authors;
  }

  /** How many posts were written in a minute, the very late ones left out. */
  count(minute: number): number {
    return this.#state(minute).count;
  }

  plan(minute: number, index: number): PostPlan {
    const state = this.#state(minute);
    const rng = new Rng(hash32(this.seed, minute, index));
    const createdAt = minute * MINUTE_MS + rng.int(MINUTE_MS);
    const burst = rng.next() < state.rate.burstShare ? state.rate.burst : null;
    const weights = burst === null ? state.rate.communities : (state.burstCommunities ?? state.rate.communities);
    const community = pickCumulative(weights, rng.next());
    const kind = kindOf(rng.next());
    const author = this.#authors.writer(community, rng.next());
    const delay = delayOf(rng.next(), rng.next());
    const repeatAfter = rng.next() < 0.003 ? 500 + rng.int(59_000) : 0;
    const langIndex = LANG_OF_COMMUNITY[community] ?? 0;
    return {
      minute,
      index,
      createdAt,
      kind,
      lang: at(LANGUAGES, langIndex),
      langIndex,
      community,
      author,
      burst,
      delay,
      repeatAfter,
    };
  }

  id(plan: PostPlan): string {
    // An odd factor and a shift permute the 22 bits, so that two posts of a minute never share an id.
    const low = (Math.imul(plan.index, 0x2545f5) + hash32(this.seed, plan.minute, 0x1d)) & 0x3fffff;
    return snowflakeId(plan.createdAt, low);
  }

  /** The draws behind a post's text, apart from those of its plan. */
  textRng(plan: PostPlan): Rng {
    return new Rng(hash32(this.seed ^ 0x7e47, plan.minute, plan.index));
  }

  #state(minute: number): MinuteState {
    return this.#minutes.get(minute, () => {
      const rate = rateAt(this.seed, (minute + 0.5) * MINUTE_MS);
      const mean = this.rate * rate.perSecond * 60;
      const count = Math.min(LATE_INDEX, poisson(new Rng(hash32(this.seed, minute, 0xc0047)), mean));
      return { rate, count, burstCommunities: rate.burst === null ? null : this.#burstWeights(rate, rate.burst) };
    });
  }

  #burstWeights(rate: RateAt, burst: Burst): Float64Array {
    let sum = 0;
    return rate.communities.map((cumulative, i) => {
      const weight = cumulative - (rate.communities[i - 1] ?? 0);
      sum += weight * burstInterest(this.seed, burst, LANG_OF_COMMUNITY[i] ?? 0);
      return sum;
    });
  }
}

function kindOf(unit: number): Kind {
  if (unit < 0.5) return 'retweet';
  if (unit < 0.64) return 'reply';
  return unit < 0.69 ? 'quote' : 'original';
}

/** Mostly within three seconds; one in twenty takes up to two minutes, which puts the stream out of order. */
function delayOf(unit: number, spread: number): number {
  return unit < 0.95 ? 300 + Math.floor(spread * 2700) : 3000 + Math.floor(spread * 117_000);
}

/** How hot a post is: most hardly, few very. From 1 to 60, so that no single post makes the day of its topic. */
export function heatOf(seed: number, minute: number, index: number): number {
  return Math.min(60, Math.pow(1 - hashUnit(seed ^ 0x4ea7, minute, index), -0.9));
}
