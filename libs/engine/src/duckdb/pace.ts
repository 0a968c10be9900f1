/** A chunk should take about this long: progress moves several times a second, and a query's fixed cost stays small. */
const CHUNK_MS = 300;
const FIRST_CHUNK_ROWS = 60_000;
const LARGEST_STEP = 10;
/** Rule 19: at most two partial results a second. */
const PARTIAL_EVERY_MS = 500;
/** Partial results after the first take at most this part of a run's time. */
const PARTIAL_SHARE = 0.1;
/** A run of so many partitions reports a partial result in any case. */
const PARTITIONS_WITH_PARTIAL = 8;

/** Decides how much to read at once and when a partial result is affordable. Times are milliseconds. */
export class Pace {
  readonly #partitions: number;
  readonly #now: () => number;
  readonly #start: number;
  #rows = FIRST_CHUNK_ROWS;
  #partialTime = 0;
  #lastCost = 0;
  #lastPartial = Number.NEGATIVE_INFINITY;
  #partials = 0;

  constructor(partitions: number, now: () => number = () => performance.now()) {
    this.#partitions = partitions;
    this.#now = now;
    this.#start = now();
  }

  /** Rows that the next chunk should have. */
  get chunkRows(): number {
    return this.#rows;
  }

  /** Partitions that the next chunk may have at most: the first of a long run leaves some for after its partial result. */
  get chunkPartitions(): number {
    return this.#partials === 0 && this.#partitions >= PARTITIONS_WITH_PARTIAL
      ? Math.ceil(this.#partitions / 4)
      : this.#partitions;
  }

  /** Tells how long a chunk took. */
  chunkTook(rows: number, ms: number): void {
    if (rows === 0) return;
    const fitting = (rows / Math.max(ms, 1)) * CHUNK_MS;
    this.#rows = Math.max(1, Math.min(fitting, this.#rows * LARGEST_STEP));
  }

  /** Whether to make a partial result now; never after the last chunk. */
  partialDue(partitionsDone: number): boolean {
    if (partitionsDone >= this.#partitions) return false;
    const now = this.#now();
    if (now - this.#lastPartial < PARTIAL_EVERY_MS) return false;
    if (this.#partials === 0)
      return this.#partitions >= PARTITIONS_WITH_PARTIAL || now - this.#start > PARTIAL_EVERY_MS;
    // The next one costs a little more than the last: the set has grown.
    return (this.#partialTime + this.#lastCost * 1.5) / (now - this.#start) <= PARTIAL_SHARE;
  }

  partialTook(ms: number): void {
    this.#partials++;
    this.#partialTime += ms;
    this.#lastCost = ms;
    this.#lastPartial = this.#now();
  }
}
