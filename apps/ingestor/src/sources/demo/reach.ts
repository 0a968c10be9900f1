import { COMMUNITIES } from './communities.js';
import { heatOf, type PostPlan, type PostPlans } from './post-plan.js';
import { at, hashUnit } from './prng.js';
import { MEAN_PER_SECOND } from './rate-curve.js';

/** A post that goes round does so for about a day: half of it within five hours. */
const FADE_HOURS = 7;

/** How far a post gets. */
export interface Reach {
  /** Soon after it was written. */
  readonly early: number;
  /** Added in the course of a day or two. */
  readonly later: number;
  /** Likes for each retweet. */
  readonly likes: number;
}

/**
 * The counts of a post stand for a whole network of which the stream is a sample, as on X. They are therefore well
 * above what the stream itself can show: `early` above what the newest posts get from `rivals` and their readers,
 * `later` above what the hottest post of a community gets in all (a fifth of its posts are retweets of hot ones).
 */
export function reachOf(plans: PostPlans, plan: PostPlan, rivals: number): Reach {
  const heat = heatOf(plans.seed, plan.minute, plan.index);
  const communityPerHour = MEAN_PER_SECOND * 3600 * plans.rate * at(COMMUNITIES, plan.community).share;
  return {
    early: 40 + 3 * rivals + heat,
    later: communityPerHour * 0.5 * FADE_HOURS * (heat / (heat + 5)) * (1 + heat / 8),
    likes: 2 + 3 * hashUnit(plans.seed ^ 0x11ce, plan.minute, plan.index),
  };
}

/** Retweets so many hours after it was written: never fewer than before. */
export function reachAt({ early, later }: Reach, ageHours: number): number {
  return early + later * (1 - Math.exp(-Math.max(0, ageHours) / FADE_HOURS));
}
