import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Coverage, type CoverageChange, type GapCause, NO_COVERAGE } from '../../contracts/index.js';
import { SECOND_MS } from '../../time-units.js';
import { applyChange, applyChanges } from './apply-change.js';
import { captureSpans, notCaptured } from './uncovered.js';

/**
 * The reference: for each second whether what happened in it is in the log. It plays a source, with a platform that gives what was
 * missed or does not, through random events.
 */
class Reference {
  now = 100;
  /** Seconds that are captured, and seconds in which the source was switched on. */
  readonly captured = new Set<number>();
  readonly on = new Set<number>();
  readonly changes: CoverageChange[] = [];
  coverage: Coverage = NO_COVERAGE;
  #isOn = false;
  #isConnected = false;
  /** Up to where the platform has given all in this connection, and what it has left out. */
  #place = 0;
  #holes = new Set<number>();
  readonly replays: boolean;

  constructor(replays: boolean) {
    this.replays = replays;
  }

  get reached(): number {
    return (this.coverage.sources[0]?.reached ?? 0) / SECOND_MS;
  }

  wait(seconds: number): void {
    this.now += seconds;
  }

  /** @param back - how far before what it has reached the platform begins; it has lost what is `lost` seconds older than now. */
  connect(back: number, lost: number): void {
    if (this.#isConnected) return;
    const known = this.coverage.sources[0];
    const resumed = known === undefined || !this.replays ? this.now : known.place / SECOND_MS - back;
    const at = Math.max(resumed, this.replays ? this.now - lost : this.now, 0);
    if (!this.#isOn) {
      // What lies between was not switched on, unless it is given again.
      const continues = known !== undefined && at <= this.reached;
      for (let second = continues ? this.reached : at; second < this.now; second += 1) this.on.add(second);
    }
    this.#isOn = true;
    this.#isConnected = true;
    this.#place = at;
    this.#holes = new Set();
    this.#tell({ type: 'began', at: at * SECOND_MS });
  }

  /** The platform gives what happened up to so many seconds further on, but not the future. */
  give(seconds: number): void {
    if (!this.#isConnected) return;
    const to = this.replays ? Math.min(this.#place + seconds, this.now) : this.now;
    for (let second = this.#place; second < to; second += 1) if (!this.#holes.has(second)) this.captured.add(second);
    this.#place = Math.max(this.#place, to);
    this.#tell({ type: 'reached', at: this.#place * SECOND_MS, stored: 0 });
  }

  leaveOut(ahead: number, length: number): void {
    if (!this.#isConnected || this.#place + ahead + length > this.now) return;
    const from = this.#place + ahead;
    for (let second = from; second < from + length; second += 1) {
      this.#holes.add(second);
      this.captured.delete(second);
    }
    const span = { from: from * SECOND_MS, to: (from + length) * SECOND_MS };
    this.#tell({ type: 'missed', ...span, cause: 'CURSOR_EXPIRED' });
  }

  disconnect(cause: GapCause): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#tell({ type: 'ended', at: this.#place * SECOND_MS, cause });
  }

  /** The process dies: what is left is what the log says. */
  crash(): void {
    const known = this.coverage.sources[0];
    if (known === undefined || !this.#isConnected) return;
    this.#isConnected = false;
    this.#tell({ type: 'ended', at: known.place, cause: 'CRASHED' });
  }

  switchOff(): void {
    if (!this.#isOn || this.#isConnected) return;
    this.#isOn = false;
    const known = this.coverage;
    this.#tell({ type: 'switched-off' });
    const last = this.coverage.sources[0]?.switchedOn.at(-1)?.to ?? known.gaps.at(-1)?.from ?? 0;
    for (const second of this.on) if (second >= last / SECOND_MS) this.on.delete(second);
  }

  /** What lies in a gap, of one that goes on too, is asked for from some place in it on. */
  refill(share: number, into: number, length: number): void {
    const { gaps: all } = this.coverage;
    const gaps = all.filter(({ status }) => status !== 'REFILLED');
    const gap = gaps[Math.floor(share * gaps.length)];
    if (gap === undefined || this.#isConnected) return;
    const end = gap.to === null ? this.now : gap.to / SECOND_MS;
    const from = Math.min(gap.from / SECOND_MS + into, end);
    const to = Math.min(from + length, end);
    for (let second = from; second < to; second += 1) this.captured.add(second);
    this.#tell({ type: 'refilled', from: from * SECOND_MS, to: to * SECOND_MS, posts: 1 });
  }

  #tell(
    told: CoverageChange extends infer C
      ? C extends unknown
        ? Omit<C, 'seq' | 'source' | 'arrivedAt'>
        : never
      : never,
  ) {
    const change = {
      ...told,
      seq: this.changes.length + 1,
      source: 'x',
      arrivedAt: this.now * SECOND_MS,
    } as CoverageChange;
    this.changes.push(change);
    this.coverage = applyChange(this.coverage, change);
    if (this.#isOn) for (let second = 0; second < this.now; second += 1) this.#noteOn(second);
  }

  #noteOn(second: number): void {
    const since = this.coverage.sources[0]?.switchedOn.at(-1)?.from ?? Infinity;
    if (second * SECOND_MS >= since) this.on.add(second);
  }
}

const cause = fc.constantFrom<GapCause>('DISCONNECTED', 'STALLED', 'REFUSED', 'STOPPED');
const few = fc.integer({ min: 1, max: 40 });
const step: fc.Arbitrary<(reference: Reference) => void> = fc.oneof(
  few.map((seconds) => (r: Reference) => r.wait(seconds)),
  fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 30, max: 300 })).map(
    ([back, lost]) =>
      (r: Reference) =>
        r.connect(back, lost),
  ),
  few.map((seconds) => (r: Reference) => r.give(seconds)),
  fc.tuple(fc.integer({ min: 0, max: 10 }), few).map(
    ([ahead, length]) =>
      (r: Reference) =>
        r.leaveOut(ahead, length),
  ),
  cause.map((each) => (r: Reference) => r.disconnect(each)),
  fc.constant((r: Reference) => r.crash()),
  fc.constant((r: Reference) => r.switchOff()),
  fc.tuple(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.integer({ min: 0, max: 10 }), few).map(
    ([share, into, length]) =>
      (r: Reference) =>
        r.refill(share, into, length),
  ),
);

it('knows of each second whether it was captured, whatever happens', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 60 }), (replays, steps) => {
      const reference = new Reference(replays);
      for (const each of steps) each(reference);
      const { coverage, changes } = reference;

      for (const [index, gap] of coverage.gaps.entries()) {
        const next = coverage.gaps[index + 1];
        expect(gap.to === null ? gap.status === 'OPEN' : gap.from < gap.to && gap.status !== 'OPEN').toBe(true);
        if (next !== undefined) expect(gap.to).toBeLessThanOrEqual(next.from);
      }

      const isOpen = coverage.gaps.some(({ status }) => status === 'OPEN');
      const known = isOpen ? reference.now : reference.reached;
      const until = Math.max(known, ...coverage.gaps.map(({ to }) => (to ?? 0) / SECOND_MS));
      const times = { coverage, oldestPost: null, imports: [] };
      const missing = notCaptured(times, { from: 0, to: until * SECOND_MS }, Infinity).spans;
      const isMissing = (second: number): boolean =>
        missing.some(({ from, to }) => second * SECOND_MS >= from && second * SECOND_MS < to);
      for (let second = 0; second < until; second += 1) {
        const isCovered = reference.captured.has(second) && reference.on.has(second);
        // What lies further on was not told of yet.
        if (second < known || isCovered) expect([second, isMissing(second)]).toEqual([second, !isCovered]);
      }

      // The log repeats what the lake lists already.
      for (const cut of [0, Math.floor(changes.length / 2), changes.length]) {
        expect(applyChanges(applyChanges(NO_COVERAGE, changes.slice(0, cut)), changes)).toEqual(coverage);
      }
      const spans = captureSpans(coverage, 'x');
      expect(
        spans.every(
          ({ from, to }, index) => from < (to ?? Infinity) && (spans[index + 1]?.from ?? Infinity) > (to ?? 0),
        ),
      ).toBe(true);
    }),
    { numRuns: 400 },
  );
});
