import { applyChanges } from '@analytica/domain';
import { type Coverage, type Gap, NO_COVERAGE } from '@analytica/domain/contracts';
import { describe, expect, it } from 'vitest';
import type { LogCoverage } from '../log/log-state.js';
import type { CoverageEvent } from '../sources/source.js';
import { withNewChanges } from './changes.js';
import { CoverageLedger, type ToldBatch } from './coverage-ledger.js';
import { SleepWatch } from './sleep-watch.js';

const START: LogCoverage = { seq: 0, unlisted: [] };
const x = { name: 'x', importName: null };

/** A ledger whose log and lake are values, so that a test can kill it at any point. */
class Process {
  now: number;
  logged: LogCoverage;
  listed: Coverage | undefined;
  readonly #uptime = { ms: 0 };
  readonly ledger: CoverageLedger;

  constructor(now: number, logged: LogCoverage = START, listed?: Coverage, sources: readonly (typeof x)[] = [x]) {
    this.now = now;
    this.logged = logged;
    this.listed = listed;
    const sleep = new SleepWatch({ now: () => this.now, uptime: () => this.#uptime.ms });
    this.ledger = new CoverageLedger({ listed: () => this.listed, logged, sources, now: () => this.now, sleep });
    this.add(this.ledger.startChanges());
  }

  add(changes: Parameters<CoverageLedger['add']>[1]): void {
    this.logged = this.ledger.add(this.logged, changes);
  }

  give(coverage: readonly CoverageEvent[], batch: Partial<ToldBatch> = {}, stored = 0, source = x): void {
    this.add(this.ledger.batchChanges(source, [{ arrivedAt: this.now, isLive: true, coverage, ...batch }], [stored]));
  }

  sleep(ms: number): void {
    this.now += ms;
    this.#uptime.ms += ms;
  }

  list(): void {
    this.listed = applyChanges(this.listed ?? NO_COVERAGE, this.logged.unlisted);
  }

  /** The next process after kill -9. */
  next(now: number, sources: readonly (typeof x)[] = [x]): Process {
    return new Process(now, this.logged, this.listed, sources);
  }
}

const rows = (gaps: readonly Gap[]): string[] =>
  gaps.map(({ source, from, to, cause, status, refilled }) => [source, from, to, cause, status, refilled].join(' '));

describe('a process that was killed', () => {
  it.each(['before', 'after'])('leaves a gap from what is in the log, listed %s or not', (when) => {
    const first = new Process(100);
    first.give([{ type: 'began', at: 100 }]);
    first.give([{ type: 'reached', at: 150 }], { arrivedAt: 150 }, 7);
    if (when === 'after') first.list();
    const second = first.next(500);
    expect(rows(second.ledger.gaps)).toEqual(['x 150  CRASHED OPEN 0']);
    second.list();
    // Killed again before the source began: the bounds stay.
    const third = second.next(700);
    third.give([{ type: 'began', at: 710 }], { arrivedAt: 710 });
    expect(rows(third.ledger.gaps)).toEqual(['x 150 710 CRASHED CLOSED 0']);
    third.list();
    expect(rows(third.listed?.gaps ?? [])).toEqual(rows(third.ledger.gaps));
  });

  it('leaves no gap for a source that has one, nor for one that is no longer chosen', () => {
    const first = new Process(100);
    first.give([{ type: 'began', at: 100 }]);
    first.add(first.ledger.endChanges('x', 'STOPPED'));
    expect(rows(first.next(500).ledger.gaps)).toEqual(['x 100  STOPPED OPEN 0']);
    const without = first.next(500, [{ name: 'bluesky', importName: null }]);
    expect(rows(without.ledger.gaps)).toEqual([]);
    expect(without.ledger.startChanges()).toEqual([]);
  });

  it('goes on where its lake knows more than its log, which was begun anew', () => {
    const first = new Process(100);
    first.give([{ type: 'began', at: 100 }]);
    first.give([{ type: 'reached', at: 150 }]);
    first.list();
    const second = new Process(500, START, first.listed);
    expect(second.logged).toMatchObject({ seq: 3, unlisted: [{ type: 'ended', at: 150, seq: 3 }] });
  });
});

describe('a source that says nothing', () => {
  it('captures with each batch of its stream, and no other', () => {
    const first = new Process(100);
    first.give([], { isLive: false });
    expect(first.logged).toEqual(START);
    first.give([], { arrivedAt: 120 }, 1);
    first.give([], { arrivedAt: 150 }, 1);
    const second = first.next(500);
    second.give([], { arrivedAt: 520 }, 1);
    expect(rows(second.ledger.gaps)).toEqual(['x 150 520 CRASHED CLOSED 0']);
  });

  it('is none of its concern where it is an import', () => {
    const first = new Process(100);
    first.give([{ type: 'began', at: 100 }], {}, 1, { name: 'files', importName: 'old' } as unknown as typeof x);
    expect(first.logged).toEqual(START);
  });
});

describe('a machine that sleeps', () => {
  const awake = (): Process => {
    const process = new Process(1_000_000);
    process.give([{ type: 'began', at: 1_000_000 }]);
    process.give([{ type: 'reached', at: 1_000_100 }], { arrivedAt: 1_000_100 });
    return process;
  };

  it('ends what was captured, once, until the source begins again', () => {
    const process = awake();
    process.sleep(600_000);
    process.add(process.ledger.sleepChanges('x'));
    expect(process.ledger.sleepChanges('x')).toEqual([]);
    process.give([{ type: 'ended', at: 1_000_100, cause: 'STALLED' }]);
    expect(rows(process.ledger.gaps)).toEqual(['x 1000100  SLEPT OPEN 0']);
    process.give([{ type: 'began', at: 1_600_500 }], { arrivedAt: 1_600_500 });
    expect(rows(process.ledger.gaps)).toEqual(['x 1000100 1600500 SLEPT CLOSED 0']);
  });

  it('keeps what had arrived before, and notices at the first batch after', () => {
    const process = awake();
    process.sleep(600_000);
    process.give([{ type: 'reached', at: 1_000_200 }], { arrivedAt: 1_000_000 });
    expect(rows(process.ledger.gaps)).toEqual([]);
    process.give([{ type: 'reached', at: 1_600_100 }], { arrivedAt: 1_600_100 });
    expect(rows(process.ledger.gaps)).toEqual(['x 1000200 1600100 SLEPT CLOSED 0']);
  });
});

it('fills the gaps of another source that it was asked for', () => {
  const search = { name: 'x-search', importName: null };
  const process = new Process(100, START, undefined, [x, search]);
  process.give([{ type: 'began', at: 100 }]);
  process.give([{ type: 'ended', at: 200, cause: 'STALLED' }]);
  process.give([{ type: 'began', at: 300 }], { arrivedAt: 300 });
  process.give([{ type: 'refilled', from: 200, to: 300, posts: 9, source: 'x' }], { isLive: false }, 9, search);
  expect(rows(process.ledger.gaps)).toEqual(['x 200 300 STALLED REFILLED 9']);
});

describe('the changes that the log keeps', () => {
  const reached = (at: number) => ({ type: 'reached', source: 'x', at, stored: 0, arrivedAt: at }) as const;
  const ended = { type: 'ended', source: 'x', at: 3, cause: 'STALLED', arrivedAt: 3 } as const;

  it('are those that the lake may not list, and of how far a source has come the last', () => {
    const first = withNewChanges(START, [reached(1), reached(2), { ...reached(2), source: 'y' }, reached(3)], 0);
    expect(first.unlisted.map(({ seq, source }) => [seq, source])).toEqual([
      [3, 'y'],
      [4, 'x'],
    ]);
    const second = withNewChanges(first, [ended, reached(5), reached(6)], 3);
    expect(second.unlisted.map(({ seq, type }) => [seq, type])).toEqual([
      [4, 'reached'],
      [5, 'ended'],
      [7, 'reached'],
    ]);
    expect(withNewChanges(second, [], 7)).toEqual({ seq: 7, unlisted: [] });
  });
});
