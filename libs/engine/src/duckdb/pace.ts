/** A chunk should take about this long: progress moves several times a second, and a query's fixed cost stays small. */
const CHUNK_MS = 300;
/** What counting the last chunk may take without its being worth another query to halve it. */
const LAST_COUNTING_MS = 40;
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
  #hasRead = false;
  #countingMsPerRow = 0;
  #partialTime = 0;
  #lastCost = 0;
  #lastPartial = Number.NEGATIVE_INFINITY;
  #partials = 0;

  constructor(partitions: number, now: () => number = () => performance.now()) {
    this.#partitions = partitions;
    this.#now = now;
    this.#start = now();
  }

  /**
   * Rows that the next chunk should have. Nothing is read any more while the last chunk is counted: where that would take
   * long, chunks get smaller towards the end.
   * @param left - rows that are not read yet.
   */
  chunkRows(left: number): number {
    const rows = Math.min(this.#rows, left);
    const counting = rows * this.#countingMsPerRow;
    if (rows * 2 <= left || counting <= LAST_COUNTING_MS) return rows === left ? Infinity : rows;
    return Math.max(left / 2, rows * (LAST_COUNTING_MS / counting));
  }

  /** Partitions that the next chunk may have at most: the first of a long run leaves most for after its partial result. */
  get chunkPartitions(): number {
    return !this.#hasRead && this.#partitions >= PARTITIONS_WITH_PARTIAL
      ? Math.ceil(this.#partitions / 4)
      : this.#partitions;
  }

  /** Tells how long counting a chunk took. */
  countingTook(rows: number, ms: number): void {
    if (rows > 0) this.#countingMsPerRow = ms / rows;
  }

  /** Tells how long reading a chunk took. */
  chunkTook(rows: number, ms: number): void {
    if (rows === 0) return;
    this.#hasRead = true;
    const fitting = (rows / Math.max(ms, 1)) * CHUNK_MS;
    this.#rows = Math.max(1, Math.min(fitting, this.#rows * LARGEST_STEP));
  }

  /** Whether to make a partial result now; never after the last chunk. */
  partialDue(partitionsDone: number): boolean {
    if (partitionsDone >= this.#partitions) return false;
    const now = this.#now();
    if (now - this.#lastPartial < PARTIAL_EVERY_MS) return false;
    const elapsed = now - this.#start;
    if (this.#partials === 0) return this.#partitions >= PARTITIONS_WITH_PARTIAL || elapsed > PARTIAL_EVERY_MS;
    // Where the result itself is near, nobody needs another part of it.
    if ((elapsed / partitionsDone) * (this.#partitions - partitionsDone) < PARTIAL_EVERY_MS) return false;
    // The next one costs a little more than the last: the set has grown.
    return (this.#partialTime + this.#lastCost * 1.5) / elapsed <= PARTIAL_SHARE;
  }

  partialTook(ms: number): void {
    this.#partials++;
    this.#partialTime += ms;
    this.#lastCost = ms;
    this.#lastPartial = this.#now();
  }
}
