import { HOUR_MS, MINUTE_MS } from '@analytica/domain';
import { COMMUNITIES, LANGUAGES } from './communities.js';
import { at, hash32, hashUnit, Rng } from './prng.js';

/** Posts a second in the long mean at rate 1, bursts left out: a week of them is more than 260,000. */
export const MEAN_PER_SECOND = 0.44;
/** One burst in the middle two fifths of each such window: two or three of them in any week. */
const BURST_WINDOW = 67 * HOUR_MS;
/** No window begins where a day of UTC does. */
const BURST_PHASE = 29 * HOUR_MS;
const BURST_RISE = 9 * MINUTE_MS;
const BURST_FALL = 75 * MINUTE_MS;
const BURST_LENGTH = 10 * HOUR_MS;

export interface Burst {
  readonly window: number;
  readonly startsAt: number;
  /** Height in multiples of the long mean. */
  readonly height: number;
  /** Which of the topics made for bursts: 0 is the first of them, others stand for any of the rest. */
  readonly pick: number;
}

/** Everything about the rate at one instant. */
export interface RateAt {
  /** Posts a second at rate 1. */
  readonly perSecond: number;
  /** Cumulative weights of the communities, without the burst. */
  readonly communities: Float64Array;
  /** The chance that a post belongs to the burst. */
  readonly burstShare: number;
  readonly burst: Burst | null;
}

/** How awake people are at a local hour; its mean over a day is 1. Deep at four, high from noon to ten in the evening. */
export function dayCurve(localHour: number): number {
  const angle = ((localHour - 4) / 24) * 2 * Math.PI;
  return 1 - 0.78 * Math.cos(angle) - 0.2 * Math.cos(2 * angle) + 0.06 * Math.sin(3 * angle);
}

export function burstOfWindow(seed: number, window: number): Burst {
  const rng = new Rng(hash32(seed, window, 0xb0257));
  return {
    window,
    startsAt: Math.floor(BURST_PHASE + window * BURST_WINDOW + (0.3 + 0.4 * rng.next()) * BURST_WINDOW),
    height: 1.1 + 0.8 * rng.next(),
    // Every second one is the same topic's, so that any week has a burst that can be asked for by name.
    pick: window % 2 === 0 ? 0 : 1 + rng.int(1000),
  };
}

/** The window that a time lies in. */
export function burstWindow(t: number): number {
  return Math.floor((t - BURST_PHASE) / BURST_WINDOW);
}

function burstAt(seed: number, t: number): { burst: Burst; height: number } | null {
  const burst = burstOfWindow(seed, burstWindow(t));
  const age = t - burst.startsAt;
  if (age <= 0 || age > BURST_LENGTH) return null;
  return { burst, height: burst.height * (1 - Math.exp(-age / BURST_RISE)) * Math.exp(-age / BURST_FALL) };
}

export function rateAt(seed: number, t: number): RateAt {
  const communities = new Float64Array(COMMUNITIES.length);
  let sum = 0;
  for (let i = 0; i < COMMUNITIES.length; i += 1) {
    const community = at(COMMUNITIES, i);
    const localHour = (t / HOUR_MS + community.utcOffsetHours) % 24;
    sum += community.share * dayCurve(localHour);
    communities[i] = sum;
  }
  const week = 1 + 0.05 * Math.sin((2 * Math.PI * t) / (168 * HOUR_MS));
  const base = sum * week;
  const active = burstAt(seed, t);
  const height = active?.height ?? 0;
  return {
    perSecond: MEAN_PER_SECOND * (base + height),
    communities,
    burstShare: height / (base + height),
    burst: active?.burst ?? null,
  };
}

/** The one rate curve of the fill and of the live stream: posts a second, `rate` times the seed's own curve. */
export function ratePerSecond(t: number, seed: number, rate: number): number {
  return rate * rateAt(seed, t).perSecond;
}

/** How much a language cares about a burst's topic. */
export function burstInterest(seed: number, burst: Burst, langIndex: number): number {
  return langIndex < LANGUAGES.length ? 0.25 + hashUnit(seed, burst.window, langIndex + 101) * 1.5 : 0;
}
