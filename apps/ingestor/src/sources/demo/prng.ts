/** 32 well-mixed bits of three numbers: what makes every minute and every post reproducible without any history. */
export function hash32(seed: number, a: number, b = 0): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ a, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13) ^ b, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x165667b1);
  return (h ^ (h >>> 15)) >>> 0;
}

/** The same hash as a number in [0, 1). */
export function hashUnit(seed: number, a: number, b = 0): number {
  return hash32(seed, a, b) / 4294967296;
}

/** Mulberry32: small, quick and good enough for text. */
export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return at(items, this.int(items.length));
  }

  /** A rank from 0 to n - 1, the rank r about as often as 1 / (r + shift). */
  zipf(n: number, shift: number): number {
    return zipfRank(this.next(), n, shift);
  }
}

export function zipfRank(unit: number, n: number, shift: number): number {
  return Math.min(n - 1, Math.floor(shift * (Math.pow((n + shift) / shift, unit) - 1)));
}

/** An element that is known to be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no element ${String(index)} of ${String(items.length)}`);
  return item;
}

export function poisson(rng: Rng, mean: number): number {
  if (mean > 60) {
    const normal = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = rng.next(); product > limit; product *= rng.next()) count += 1;
  return count;
}

/** The index of the first cumulative weight above `unit` times the last. */
export function pickCumulative(cumulative: Float64Array, unit: number): number {
  const last = cumulative.length - 1;
  const wanted = unit * (cumulative[last] ?? 0);
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
