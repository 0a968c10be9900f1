import { MINUTE_MS } from '@analytica/domain';
import { LATE_INDEX, type PostPlan, type PostPlans } from './post-plan.js';
import { hash32, poisson, Rng, zipfRank } from './prng.js';
import { BoundedCache } from './bounded-cache.js';

/** Something that arrives: a post, the same post once more, or a delete of an earlier one. */
export interface Arrival {
  readonly at: number;
  readonly kind: 'post' | 'delete';
  readonly plan: PostPlan;
}

/** A post is here at most two minutes after it was written, its repeat a minute later. */
const LOOK_BACK_MINUTES = 3;
const LATE_SHARE = 0.0006;
const DELETE_SHARE = 0.01;
const MAX_LATE_MINUTES = 180;
/** By then a post has surely arrived, so that a delete never comes before it. */
const MIN_DELETE_MINUTES = 4;
const MAX_DELETE_MINUTES = 24 * 60;

/** What arrives in which minute, in order. */
export class Timeline {
  readonly #plans: PostPlans;
  readonly #written = new BoundedCache<readonly Arrival[]>(8);

  constructor(plans: PostPlans) {
    this.#plans = plans;
  }

  arrivals(minute: number): Arrival[] {
    const from = minute * MINUTE_MS;
    const arrivals: Arrival[] = [];
    for (let m = minute - LOOK_BACK_MINUTES; m <= minute; m += 1) {
      for (const arrival of this.#written.get(m, () => this.#writtenIn(m))) {
        if (arrival.at >= from && arrival.at < from + MINUTE_MS) arrivals.push(arrival);
      }
    }
    this.#addLate(minute, arrivals);
    this.#addDeletes(minute, arrivals);
    return arrivals.sort((a, b) => a.at - b.at);
  }

  #writtenIn(minute: number): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    const count = this.#plans.count(minute);
    for (let index = 0; index < count; index += 1) {
      const plan = this.#plans.plan(minute, index);
      const at = plan.createdAt + plan.delay;
      arrivals.push({ at, kind: 'post', plan });
      if (plan.repeatAfter > 0) arrivals.push({ at: at + plan.repeatAfter, kind: 'post', plan });
    }
    return arrivals;
  }

  #addLate(minute: number, arrivals: Arrival[]): void {
    const rng = new Rng(hash32(this.#plans.seed, minute, 0x1a7e));
    const count = Math.min(1024, poisson(rng, this.#plans.count(minute) * LATE_SHARE));
    for (let n = 0; n < count; n += 1) {
      const late = 4 + rng.int(MAX_LATE_MINUTES - 4);
      // The number tells the delay, so that no two late posts of a minute can meet.
      const plan = this.#plans.plan(minute - late, LATE_INDEX + late * 1024 + n);
      arrivals.push({ at: minute * MINUTE_MS + rng.int(MINUTE_MS), kind: 'post', plan });
    }
  }

  #addDeletes(minute: number, arrivals: Arrival[]): void {
    const rng = new Rng(hash32(this.#plans.seed, minute, 0xde1e));
    const count = poisson(rng, this.#plans.count(minute) * DELETE_SHARE);
    for (let n = 0; n < count; n += 1) {
      const age = MIN_DELETE_MINUTES + zipfRank(rng.next(), MAX_DELETE_MINUTES - MIN_DELETE_MINUTES, 3);
      const unit = rng.next();
      const at = minute * MINUTE_MS + rng.int(MINUTE_MS);
      const written = this.#plans.count(minute - age);
      if (written === 0) continue;
      arrivals.push({ at, kind: 'delete', plan: this.#plans.plan(minute - age, Math.floor(unit * written)) });
    }
  }
}
