import { at, hash32, hashUnit, pickCumulative, zipfRank, type Rng } from './prng.js';
import { BoundedCache } from './bounded-cache.js';
import { heatOf, type PostPlan, type PostPlans } from './post-plan.js';
import { COMMUNITIES } from './communities.js';

const BUCKET_MINUTES = 5;
const MAX_AGE_BUCKETS = 576; // two days
const VIRAL_WINDOW_BUCKETS = 24; // two hours
const VIRALS_PER_WINDOW = 2;
const VIRALS_KEPT = 50;
/** How often the shares of the virals are worked out anew: every quarter of an hour. */
const VIRAL_STEP_BUCKETS = 3;

/** Of those who retweet or answer, so many look beyond their own community, to another of the same language. */
const ELSEWHERE = 0.06;

const NEIGHBOURS: readonly (readonly number[])[] = COMMUNITIES.map((own) =>
  COMMUNITIES.flatMap((other, index) => (other !== own && other.lang === own.lang ? [index] : [])),
);

/** Originals and quotes of five minutes, by community; a post is kept as index * 5 + minute of the bucket. */
interface Bucket {
  readonly all: readonly Int32Array[];
  readonly burst: readonly Int32Array[] | null;
}

/** A post that goes round. */
interface Hit {
  readonly plan: PostPlan | null;
  readonly heat: number;
}

interface ViralTable {
  readonly plans: readonly PostPlan[];
  readonly cumulative: Float64Array;
}

/**
 * Which earlier post a retweet, reply or quote refers to. Popularity is a power law: a few posts of each window go
 * round for a day, the rest are passed on within minutes. Only whole buckets of the past are looked at, so that the
 * choice depends on nothing but the seed and the time.
 */
export class Targets {
  readonly #plans: PostPlans;
  readonly #buckets = new BoundedCache<Bucket>(1600);
  readonly #hits = new BoundedCache<Hit>(3000);
  readonly #virals = new BoundedCache<ViralTable>(200);

  constructor(plans: PostPlans) {
    this.#plans = plans;
  }

  /** A post to retweet, or null where there is none. */
  forRetweet(plan: PostPlan, rng: Rng): PostPlan | null {
    const bucket = Math.floor(plan.minute / BUCKET_MINUTES);
    const community = whereTo(plan, rng);
    if (plan.burst !== null) {
      const inBurst = this.#fromBurst(bucket - 1 - rng.zipf(9, 1.5), community, rng);
      if (inBurst !== null) return inBurst;
    }
    return (
      (rng.next() < 0.42 ? this.#viral(bucket, community, rng) : null) ??
      this.#recent(plan, community, rng, MAX_AGE_BUCKETS)
    );
  }

  /** A post to answer or to quote: of the last hours, not a viral one, so that chains stay short. */
  forReply(plan: PostPlan, rng: Rng): PostPlan | null {
    const community = whereTo(plan, rng);
    if (plan.burst !== null) {
      const inBurst = this.#fromBurst(Math.floor(plan.minute / BUCKET_MINUTES) - 1 - rng.int(3), community, rng);
      if (inBurst !== null) return inBurst;
    }
    return this.#recent(plan, community, rng, 60);
  }

  /** How many posts of its community compete with a post for being passed on. */
  rivals(plan: PostPlan): number {
    return this.#bucket(Math.floor(plan.minute / BUCKET_MINUTES)).all[plan.community]?.length ?? 0;
  }

  #recent(plan: PostPlan, community: number, rng: Rng, maxAge: number): PostPlan | null {
    const current = Math.floor(plan.minute / BUCKET_MINUTES);
    const age = 1 + zipfRank(Math.pow(rng.next(), 1.25), maxAge, 1);
    const unit = rng.next();
    for (let further = 0; further < 12; further += 1) {
      const bucket = current - age - further;
      const found = this.#ranked(bucket, this.#bucket(bucket).all[community], unit);
      if (found !== null) return found;
    }
    return null;
  }

  #fromBurst(bucket: number, community: number, rng: Rng): PostPlan | null {
    return this.#ranked(bucket, this.#bucket(bucket).burst?.[community], rng.next());
  }

  #ranked(bucket: number, list: Int32Array | undefined, unit: number): PostPlan | null {
    if (list === undefined || list.length === 0) return null;
    const rank = zipfRank(unit, list.length, 0.6);
    const entry = list[(rank + hash32(this.#plans.seed, bucket, 5)) % list.length] ?? 0;
    return this.#plans.plan(bucket * BUCKET_MINUTES + (entry % BUCKET_MINUTES), Math.floor(entry / BUCKET_MINUTES));
  }

  #viral(bucket: number, community: number, rng: Rng): PostPlan | null {
    const step = Math.floor(bucket / VIRAL_STEP_BUCKETS);
    const table = this.#virals.get(step * COMMUNITIES.length + community, () => this.#viralTable(step, community));
    const unit = rng.next();
    return table.plans.length === 0 ? null : at(table.plans, pickCumulative(table.cumulative, unit));
  }

  #viralTable(step: number, community: number): ViralTable {
    const plans: PostPlan[] = [];
    const weights: number[] = [];
    let sum = 0;
    const bucket = step * VIRAL_STEP_BUCKETS;
    const last = Math.floor(bucket / VIRAL_WINDOW_BUCKETS) * VIRALS_PER_WINDOW + VIRALS_PER_WINDOW - 1;
    for (let number = last - VIRALS_KEPT + 1; number <= last; number += 1) {
      const born = bornOf(this.#plans.seed, number, community);
      if (born >= bucket) continue;
      const { plan, heat } = this.#hits.get(number * COMMUNITIES.length + community, () =>
        this.#hit(number, born, community),
      );
      if (plan === null) continue;
      const age = (bucket - born) / 12;
      sum += heat * (age / (0.4 + age)) * Math.exp(-age / 7);
      plans.push(plan);
      weights.push(sum);
    }
    return { plans, cumulative: Float64Array.from(weights) };
  }

  #hit(number: number, born: number, community: number): Hit {
    const plan = this.#ranked(born, this.#bucket(born).all[community], hashUnit(this.#plans.seed, number, 77));
    return { plan, heat: plan === null ? 0 : heatOf(this.#plans.seed, plan.minute, plan.index) };
  }

  #bucket(number: number): Bucket {
    return this.#buckets.get(number, () => {
      const all: number[][] = COMMUNITIES.map(() => []);
      const inBurst: number[][] = COMMUNITIES.map(() => []);
      let anyBurst = false;
      for (let m = 0; m < BUCKET_MINUTES; m += 1) {
        const minute = number * BUCKET_MINUTES + m;
        const count = this.#plans.count(minute);
        for (let index = 0; index < count; index += 1) {
          const plan = this.#plans.plan(minute, index);
          if (plan.kind !== 'original' && plan.kind !== 'quote') continue;
          const entry = index * BUCKET_MINUTES + m;
          all[plan.community]?.push(entry);
          if (plan.burst === null) continue;
          inBurst[plan.community]?.push(entry);
          anyBurst = true;
        }
      }
      const packed = (lists: number[][]) => lists.map((list) => Int32Array.from(list));
      return { all: packed(all), burst: anyBurst ? packed(inBurst) : null };
    });
  }
}

function whereTo(plan: PostPlan, rng: Rng): number {
  const neighbours = at(NEIGHBOURS, plan.community);
  const unit = rng.next();
  if (unit >= ELSEWHERE || neighbours.length === 0) return plan.community;
  return at(neighbours, Math.floor((unit / ELSEWHERE) * neighbours.length));
}

/** The bucket in which the n-th viral post of a community was written. */
function bornOf(seed: number, number: number, community: number): number {
  const window = Math.floor(number / VIRALS_PER_WINDOW);
  return window * VIRAL_WINDOW_BUCKETS + (hash32(seed, number, community) % VIRAL_WINDOW_BUCKETS);
}
