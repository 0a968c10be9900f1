import type { JetstreamEvent, StoredEvent } from './jetstream-event.ts';

/** From this on, a cursor is a time in µs, and no event's number. */
const TIME_CURSOR = 1e15;
const HOUR_MS = 3_600_000;

/** Where a subscription begins, by the rules of Jetstream. */
export interface Start {
  readonly seq: number;
  /** Whether it begins later than was asked, because the server no longer has what lies before. */
  readonly isClamped: boolean;
}

/** What a server holds: the last events, numbered without holes, the oldest let go of. */
export class JetstreamArchive {
  /** How far back a cursor may lie. */
  lookbackMs = 36 * HOUR_MS;
  readonly #now: () => number;
  readonly #capacity: number;
  #events: StoredEvent[] = [];
  #firstSeq: number;

  /** @param capacity - events kept at most. */
  constructor(now: () => number, capacity: number, firstSeq: number) {
    this.#now = now;
    this.#capacity = capacity;
    this.#firstSeq = firstSeq;
  }

  /** The number that the next event gets. */
  get nextSeq(): number {
    return this.#firstSeq + this.#events.length;
  }

  add({ did, timeUs, content }: JetstreamEvent, line?: Buffer): StoredEvent {
    const stored: StoredEvent = {
      ...{ seq: this.nextSeq, timeUs: timeUs ?? Math.floor(this.#now() * 1000), did, content },
      ...(line === undefined ? {} : { line }),
    };
    this.#events.push(stored);
    if (this.#events.length >= 2 * this.#capacity) this.#forget(this.#events.length - this.#capacity);
    return stored;
  }

  /** The event of this number; the oldest where it is no longer held; undefined where there is none yet. */
  at(seq: number): StoredEvent | undefined {
    return this.#events[Math.max(0, seq - this.#firstSeq)];
  }

  /** Forgets what happened before an instant (µs), as a server does that lost its data. */
  forgetBefore(timeUs: number): void {
    const index = this.#events.findIndex((event) => event.timeUs >= timeUs);
    this.#forget(index < 0 ? this.#events.length : index);
  }

  /**
   * @param cursor - what the client asked for; null for live.
   * @returns null where the cursor is a number below what the server holds, and `rejects` is set.
   */
  resolve(cursor: number | null, rejects: boolean): Start | null {
    const live = { seq: this.nextSeq, isClamped: false };
    if (cursor === null) return live;
    const floor = this.#floor();
    if (cursor < TIME_CURSOR) {
      if (cursor >= this.nextSeq) return live;
      if (cursor >= floor) return { seq: cursor, isClamped: false };
      return rejects ? null : { seq: floor, isClamped: true };
    }
    if (cursor > this.#now() * 1000) return live;
    const oldest = this.at(floor);
    if (oldest === undefined) return live;
    const isClamped = cursor < this.#floorTime() || (floor > 1 && cursor < oldest.timeUs);
    const found = this.#events.findIndex((event) => event.seq >= floor && event.timeUs >= cursor);
    return { seq: found < 0 ? this.nextSeq : this.#firstSeq + found, isClamped };
  }

  #floorTime(): number {
    return (this.#now() - this.lookbackMs) * 1000;
  }

  #floor(): number {
    const time = this.#floorTime();
    const index = this.#events.findIndex((event) => event.timeUs >= time);
    return index < 0 ? this.nextSeq : this.#firstSeq + index;
  }

  #forget(count: number): void {
    this.#events = this.#events.slice(count);
    this.#firstSeq += count;
  }
}
