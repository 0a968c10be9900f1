import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, HOUR_MS, MINUTE_MS } from '@analytica/domain';
import type { SourceReport } from '@analytica/domain/contracts';
import type { Cursor, RawBatch, Source } from '../source.js';
import { Authors } from './authors.js';
import { Composer } from './composer.js';
import { PostPlans } from './post-plan.js';
import { Renderer } from './renderer.js';
import { Targets } from './targets.js';
import { Timeline, type Arrival } from './timeline.js';
import { TopicHeat } from './topic-heat.js';

/** Raised whenever the same seed would give other lines: an older cursor then counts by its time alone. */
const GENERATOR_VERSION = 2;
const MAX_BATCH = 2000;
/** A batch of the fill spans at most this much arrival time, so that its one arrival time is not far off. */
const FILL_SPAN_MINUTES = 10;
/** What arrived longer ago than this is filled in, not streamed. */
const LIVE_LAG = 30_000;
const LIVE_PAUSE = 300;
/** A place that is further ahead of the clock was reached while the clock was wrong. */
const AHEAD = 2 * MINUTE_MS;
const MAX_BACKFILL_DAYS = 31;

export interface DemoOptions {
  readonly seed: number;
  /** Multiplies the rate of the fill and of the live stream alike; 1 is about 1,600 posts an hour. */
  readonly rate: number;
  /** The clock, epoch ms. */
  readonly now?: () => number;
  /** Whole days before the begun hour that a first start fills, and the most that a later start catches up. */
  readonly backfillDays?: number;
}

/** The position in the stream: `n` lines of the minute `t` (arrival time, epoch ms) are done. */
interface Place {
  minute: number;
  n: number;
}

/** The world of one seed and rate, from which any minute's lines can be had. */
class DemoStream {
  readonly #timeline: Timeline;
  readonly #renderer: Renderer;
  #latest: { minute: number; arrivals: readonly Arrival[] } = { minute: -1, arrivals: [] };

  constructor(seed: number, rate: number) {
    const authors = new Authors(seed);
    const plans = new PostPlans(seed, rate, authors);
    const targets = new Targets(plans);
    const composer = new Composer(plans, authors, targets, new TopicHeat(seed));
    this.#timeline = new Timeline(plans);
    this.#renderer = new Renderer(plans, authors, targets, composer);
  }

  arrivals(minute: number): readonly Arrival[] {
    if (this.#latest.minute !== minute) this.#latest = { minute, arrivals: this.#timeline.arrivals(minute) };
    return this.#latest.arrivals;
  }

  line(arrival: Arrival): Buffer {
    return this.#renderer.line(arrival);
  }
}

/** Raw v1.1 lines of the demo that arrive in [from, to), in order: for benchmarks and generated test data. */
export function* generateLines(options: { seed: number; from: number; to: number; rate: number }): Generator<Buffer> {
  const stream = new DemoStream(options.seed, options.rate);
  for (let minute = Math.floor(options.from / MINUTE_MS); minute * MINUTE_MS < options.to; minute += 1) {
    for (const arrival of stream.arrivals(minute)) {
      if (arrival.at >= options.from && arrival.at < options.to) yield stream.line(arrival);
    }
  }
}

/**
 * A stream of invented posts that behaves like the real one. It fills the past days first, in their own arrival time,
 * then goes on along the same rate curve at the pace of the clock. Every line follows from seed, rate and time, so
 * that a resumed stream needs no history.
 */
export function createDemoSource(options: DemoOptions): Source {
  return new DemoSource(options);
}

class DemoSource implements Source {
  readonly name = 'demo';
  readonly postSource = 'demo';
  readonly shiftMs = 0;
  readonly importName = null;
  readonly #seed: number;
  readonly #rate: number;
  readonly #now: () => number;
  readonly #backfillMs: number;
  readonly #stream: DemoStream;
  #done: number | null = 0;
  #lagMs: number | null = null;

  constructor({ seed, rate, now = Date.now, backfillDays = 7 }: DemoOptions) {
    if (!Number.isSafeInteger(seed)) throw new AppError('CONFIG_INVALID', 'The demo seed must be a whole number.');
    if (!(rate > 0 && rate <= 1000))
      throw new AppError('CONFIG_INVALID', 'The demo rate must be above 0 and at most 1000.');
    if (!(Number.isInteger(backfillDays) && backfillDays >= 0 && backfillDays <= MAX_BACKFILL_DAYS)) {
      throw new AppError('CONFIG_INVALID', `The demo fills 0 to ${String(MAX_BACKFILL_DAYS)} whole days.`);
    }
    this.#seed = seed;
    this.#rate = rate;
    this.#now = now;
    this.#backfillMs = backfillDays * 24 * HOUR_MS;
    this.#stream = new DemoStream(seed, rate);
  }

  progress(): number | null {
    return this.#done;
  }

  status(): SourceReport {
    const state = this.#lagMs === null ? 'STARTING' : this.#done === null ? 'LIVE' : 'FILLING';
    return { state, problems: [], lagMs: this.#lagMs };
  }

  async *batches(resume: Cursor | null, signal: AbortSignal): AsyncGenerator<RawBatch, void, undefined> {
    let place = this.#place(resume);
    let lastArrival = this.#lastArrival(resume);
    const began = place.minute * MINUTE_MS;
    // In its own time, in which it misses nothing: what it lacks is in the past that it fills.
    const coverage = [{ type: 'began', at: began }] as const;
    yield {
      lines: [],
      arrivedAt: Math.max(lastArrival, began),
      path: 'backfill',
      cursor: this.#cursor(place, lastArrival),
      coverage,
    };
    while (!signal.aborted) {
      const clock = this.#now();
      if (place.minute * MINUTE_MS > clock + AHEAD) {
        // What comes twice is known by its id.
        place = { minute: Math.floor(clock / MINUTE_MS), n: 0 };
        lastArrival = Math.min(lastArrival, clock);
      }
      const behind = clock - (place.minute + 1) * MINUTE_MS;
      const filling = behind > LIVE_LAG;
      this.#lagMs = filling ? behind : 0;
      this.#done = filling ? Math.min(1, Math.max(0, (place.minute * MINUTE_MS - began) / (clock - began))) : null;
      const { lines, next, arrivedAt } = filling ? this.#fill(place, clock) : this.#live(place, clock);
      place = next;
      if (lines.length > 0) {
        lastArrival = Math.max(lastArrival, arrivedAt);
        const path = filling ? 'backfill' : 'stream';
        const isRest = !filling && lines.length === MAX_BATCH;
        const at = filling && place.n === 0 ? Math.max(lastArrival, place.minute * MINUTE_MS) : lastArrival;
        const coverage = isRest ? [] : ([{ type: 'reached', at }] as const);
        yield { lines, arrivedAt: lastArrival, path, cursor: this.#cursor(place, lastArrival), coverage };
      }
      if (!filling && lines.length < MAX_BATCH) await pause(signal);
    }
  }

  /** Whole minutes of the past, up to the next border of ten, which is never on the far side of an hour's. */
  #fill(from: Place, clock: number) {
    const lines: Buffer[] = [];
    let { minute, n } = from;
    const border = (Math.floor(minute / FILL_SPAN_MINUTES) + 1) * FILL_SPAN_MINUTES;
    let arrivedAt = minute * MINUTE_MS;
    while (minute < border && lines.length < MAX_BATCH && (minute + 1) * MINUTE_MS <= clock) {
      const arrivals = this.#stream.arrivals(minute);
      for (; n < arrivals.length && lines.length < MAX_BATCH; n += 1) {
        const arrival = arrivals[n];
        if (arrival === undefined) break;
        lines.push(this.#stream.line(arrival));
        arrivedAt = arrival.at;
      }
      if (n < arrivals.length) break;
      minute += 1;
      n = 0;
    }
    return { lines, next: { minute, n }, arrivedAt };
  }

  /** What has arrived of the current minute since the last look. */
  #live(from: Place, clock: number) {
    const lines: Buffer[] = [];
    let { minute, n } = from;
    for (; minute * MINUTE_MS <= clock && lines.length < MAX_BATCH; minute += 1, n = 0) {
      const arrivals = this.#stream.arrivals(minute);
      for (; n < arrivals.length && lines.length < MAX_BATCH; n += 1) {
        const arrival = arrivals[n];
        if (arrival === undefined || arrival.at > clock) break;
        lines.push(this.#stream.line(arrival));
      }
      if (n < arrivals.length || (minute + 1) * MINUTE_MS > clock) break;
    }
    return { lines, next: { minute, n }, arrivedAt: clock };
  }

  #place(resume: Cursor | null): Place {
    const earliest = Math.floor((Math.floor(this.#now() / HOUR_MS) * HOUR_MS - this.#backfillMs) / MINUTE_MS);
    const t = resume?.['t'];
    const n = resume?.['n'];
    if (resume === null || typeof t !== 'number' || typeof n !== 'number') return { minute: earliest, n: 0 };
    const minute = Math.floor(t / MINUTE_MS);
    if (minute < earliest) return { minute: earliest, n: 0 };
    const same =
      resume['version'] === GENERATOR_VERSION && resume['seed'] === this.#seed && resume['rate'] === this.#rate;
    // Other settings make other posts: go on behind the begun minute, so that no id comes twice.
    return same ? { minute, n } : { minute: minute + 1, n: 0 };
  }

  #lastArrival(resume: Cursor | null): number {
    const arrived = resume?.['arrived'];
    return typeof arrived === 'number' ? Math.min(arrived, this.#now()) : 0;
  }

  #cursor({ minute, n }: Place, arrived: number): Cursor {
    return { version: GENERATOR_VERSION, seed: this.#seed, rate: this.#rate, t: minute * MINUTE_MS, n, arrived };
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(LIVE_PAUSE, undefined, { signal }).catch(() => undefined);
}
