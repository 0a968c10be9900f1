import { LANGUAGES } from './communities.js';
import { TOPICS } from './content/topics.js';
import { at, hash32, hashUnit, pickCumulative, Rng } from './prng.js';
import { BoundedCache } from './bounded-cache.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SLOT = 10 * 60_000;
/** Share of posts about nothing in particular. */
const CHATTER = 0.3;

export const BURST_TOPICS: readonly number[] = TOPICS.flatMap((topic, index) =>
  topic.burst === undefined ? [] : [index],
);

/** What people talk about at a time: each topic has a steady part and bumps of some hours that come and go by chance. */
export class TopicHeat {
  private readonly seed: number;
  private readonly slots = new BoundedCache<readonly Float64Array[]>(800);

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The index of a topic, or -1 for chatter. */
  pick(t: number, langIndex: number, rng: Rng): number {
    const chatter = rng.next() < CHATTER;
    const unit = rng.next();
    if (chatter) return -1;
    const slot = Math.floor(t / SLOT);
    return pickCumulative(
      at(
        this.slots.get(slot, () => this.slot(slot)),
        langIndex,
      ),
      unit,
    );
  }

  private slot(slot: number): readonly Float64Array[] {
    const heats = TOPICS.map((topic, index) => topic.weight * this.heat(index, (slot + 0.5) * SLOT));
    return LANGUAGES.map((_, langIndex) => {
      let sum = 0;
      return Float64Array.from(heats, (heat, index) => {
        sum += heat * (0.3 + 1.4 * hashUnit(this.seed, index, 1000 + langIndex));
        return sum;
      });
    });
  }

  private heat(topic: number, t: number): number {
    const day = Math.floor(t / DAY);
    let heat = 0.35;
    for (let d = day - 1; d <= day + 1; d += 1) {
      const rng = new Rng(hash32(this.seed ^ 0xb0b, topic, d));
      if (rng.next() > 0.45) continue;
      const centre = (d + rng.next()) * DAY;
      const width = (1.5 + 5 * rng.next()) * HOUR;
      const height = Math.min(8, Math.pow(1 - rng.next(), -0.7));
      const distance = (t - centre) / width;
      heat += height * Math.exp(-0.5 * distance * distance);
    }
    return heat;
  }
}
