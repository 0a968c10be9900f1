import { COMMUNITIES, LANGUAGES, type Lang } from './communities.js';
import { contentOf } from './content/content-of.js';
import { FIRST_HALVES, SECOND_HALVES } from './content/handles.js';
import { personName } from './content/people.js';
import { at, hash32, Rng, zipfRank } from './prng.js';
import { BoundedCache } from './bounded-cache.js';
import { v1Date } from './v1-date.js';

const AUTHORS = 40_000;
/** Accounts were opened between 2009 and 2023. */
const FIRST_ACCOUNT = 1_240_000_000_000;
const LAST_ACCOUNT = 1_700_000_000_000;

const COMMUNITIES_OF: ReadonlyMap<Lang, readonly number[]> = new Map(
  LANGUAGES.map((lang) => [lang, COMMUNITIES.flatMap((community, index) => (community.lang === lang ? [index] : []))]),
);

interface Range {
  readonly start: number;
  readonly size: number;
}

export interface Author {
  readonly index: number;
  readonly id: string;
  readonly screenName: string;
  /** Its part of a `user_mentions` entity. */
  readonly mention: string;
  /** The v1.1 `user` object. */
  readonly json: Buffer;
}

/** The people of the demo: all invented, all derived from their number. */
export class Authors {
  readonly #seed: number;
  readonly #ranges: readonly Range[];
  readonly #cache = new BoundedCache<Author>(16_000);

  constructor(seed: number) {
    this.#seed = seed;
    let start = 0;
    this.#ranges = COMMUNITIES.map((community) => {
      const range = { start, size: Math.round(AUTHORS * community.share) };
      start += range.size;
      return range;
    });
  }

  /** Who writes: few write much, most write seldom. */
  writer(communityIndex: number, unit: number): number {
    const range = at(this.#ranges, communityIndex);
    return range.start + zipfRank(unit, range.size, 25);
  }

  /** Who is talked to: a few well-known accounts of the same language most of the time. */
  wellKnown(lang: Lang, rng: Rng): number {
    const range = at(this.#ranges, rng.pick(COMMUNITIES_OF.get(lang) ?? [0]));
    return range.start + this.#byFame(range, rng.zipf(range.size, 2.5));
  }

  /** Whom a language asks about a topic: a dozen known accounts, the first far more often than the last. */
  voice(topic: number, lang: Lang, rng: Rng): number {
    const rank = rng.zipf(12, 0.9);
    const homes = COMMUNITIES_OF.get(lang) ?? [0];
    const range = at(this.#ranges, at(homes, hash32(this.#seed ^ 0x701ce, topic, rank) % homes.length));
    return range.start + this.#byFame(range, hash32(this.#seed ^ 0xfa3e, topic, rank) % 40);
  }

  get(index: number): Author {
    return this.#cache.get(index, () => this.#make(index));
  }

  idOf(index: number): string {
    return String(1_000_000_000 + index * 7919 + (hash32(this.#seed, index, 1) % 7919));
  }

  #byFame(range: Range, rank: number): number {
    return (rank * stride(range.size) + 17) % range.size;
  }

  #fameOf(range: Range, position: number): number {
    return ((position - 17 + range.size) * inverse(stride(range.size), range.size)) % range.size;
  }

  #make(index: number): Author {
    const community = at(
      COMMUNITIES,
      this.#ranges.findIndex((range) => index < range.start + range.size),
    );
    const range = this.#ranges.find((candidate) => index < candidate.start + candidate.size) ?? { start: 0, size: 1 };
    const rng = new Rng(hash32(this.#seed, index, 2));
    const fame = this.#fameOf(range, index - range.start);
    const followers = Math.floor((350_000 / Math.pow(fame + 1, 0.95)) * (0.6 + 0.8 * rng.next()));
    const content = contentOf(community.lang);
    const id = this.idOf(index);
    const screenName = handle(index);
    const called = rng.chance(0.75) ? personName(community.lang, rng.next()) : rng.pick(content.names);
    const name = called + (rng.chance(0.25) ? ` ${rng.pick(content.emoji)}` : '');
    const opened = FIRST_ACCOUNT + rng.next() * (LAST_ACCOUNT - FIRST_ACCOUNT);
    const json =
      `{"id":${id},"id_str":"${id}","name":${JSON.stringify(name)},"screen_name":"${screenName}",` +
      `"location":${rng.chance(0.4) ? JSON.stringify(rng.pick(community.cities).name) : 'null'},"url":null,` +
      `"description":${rng.chance(0.75) ? JSON.stringify(rng.pick(content.bios)) : 'null'},"protected":false,` +
      `"verified":${String(followers > 60_000)},"followers_count":${String(followers)},` +
      `"friends_count":${String(rng.zipf(4000, 60))},"listed_count":${String(Math.floor(followers / 90))},` +
      `"favourites_count":${String(rng.zipf(60_000, 300))},"statuses_count":${String(20 + rng.zipf(90_000, 500))},` +
      `"created_at":"${v1Date(opened)}","geo_enabled":${String(rng.chance(0.3))},"lang":null,` +
      `"default_profile":${String(rng.chance(0.5))},"default_profile_image":false}`;
    const mention = `"screen_name":"${screenName}","name":${JSON.stringify(name)},"id":${id},"id_str":"${id}"`;
    return { index, id, screenName, mention, json: Buffer.from(json) };
  }

  /** For tests: how many there are. */
  get size(): number {
    return this.#ranges.reduce((sum, range) => sum + range.size, 0);
  }
}

/** Never more than 15 characters, never the name of a real account's shape: all end in `_demo`. */
function handle(index: number): string {
  const variants = FIRST_HALVES.length * SECOND_HALVES.length;
  // 7,919 is coprime to the number of names, so that each number has its own.
  const mixed = (index * 7919) % (variants * 10);
  const digit = Math.floor(mixed / variants);
  const first = at(FIRST_HALVES, mixed % FIRST_HALVES.length);
  const second = at(SECOND_HALVES, Math.floor(mixed / FIRST_HALVES.length) % SECOND_HALVES.length);
  return `${first}${second}${digit === 0 ? '' : String(digit)}_demo`;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function stride(size: number): number {
  let candidate = Math.floor(size * 0.618) | 1;
  while (gcd(candidate, size) !== 1) candidate += 1;
  return candidate;
}

function inverse(value: number, modulus: number): number {
  let [r, nextR, t, nextT] = [modulus, value % modulus, 0, 1];
  while (nextR !== 0) {
    const q = Math.floor(r / nextR);
    [r, nextR] = [nextR, r - q * nextR];
    [t, nextT] = [nextT, t - q * nextT];
  }
  return t < 0 ? t + modulus : t;
}
