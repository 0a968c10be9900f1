import { DAY_MS, HOUR_MS, MINUTE_MS } from '@analytica/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalClock } from './arrival-clock.js';

const START = Date.UTC(2026, 2, 1, 10);
const SECOND = 1000;

/** A machine whose wall clock can be set. */
class Machine {
  wrongBy = 0;
  passed = 0;
  readonly clock: ArrivalClock;

  constructor(wrongBy = 0) {
    this.wrongBy = wrongBy;
    this.clock = new ArrivalClock({ wall: () => this.right + this.wrongBy, uptime: () => 5e6 + this.passed });
  }

  get right(): number {
    return START + this.passed;
  }

  /** Reads the clock every second. @returns how far it was off, at each. */
  run(ms: number): number[] {
    const off: number[] = [];
    for (const end = this.passed + ms; this.passed < end; this.passed += SECOND)
      off.push(this.clock.now() - this.right);
    return off;
  }
}

describe('ArrivalClock', () => {
  it('is the wall clock, small corrections included', () => {
    const machine = new Machine();
    expect(new Set(machine.run(MINUTE_MS))).toEqual(new Set([0]));
    machine.wrongBy = 40 * SECOND;
    expect(new Set(machine.run(MINUTE_MS))).toEqual(new Set([40 * SECOND]));
  });

  it('stands still while a small correction backwards is made up for', () => {
    const machine = new Machine();
    machine.run(MINUTE_MS);
    const before = machine.clock.now();
    machine.wrongBy = -30 * SECOND;
    expect(machine.clock.now()).toBe(before);
    expect(machine.run(2 * MINUTE_MS).at(-1)).toBe(-30 * SECOND);
  });

  it.each([10 * DAY_MS, -10 * DAY_MS, 2 * MINUTE_MS, 50 * 365 * DAY_MS])(
    'does not see a step of %i ms that lasts for a minute',
    (step) => {
      const machine = new Machine();
      machine.run(MINUTE_MS);
      machine.wrongBy = step;
      const off = machine.run(MINUTE_MS);
      machine.wrongBy = 0;
      off.push(...machine.run(10 * MINUTE_MS));
      expect(new Set(off)).toEqual(new Set([0]));
    },
  );

  it.each([10 * DAY_MS, -10 * DAY_MS])('follows a step of %i ms that lasts, after five minutes', (step) => {
    const machine = new Machine();
    machine.run(MINUTE_MS);
    machine.wrongBy = step;
    expect(new Set(machine.run(5 * MINUTE_MS))).toEqual(new Set([0]));
    expect(new Set(machine.run(5 * MINUTE_MS))).toEqual(new Set([step]));
  });

  it('begins to wait anew where a step is followed by another', () => {
    const machine = new Machine();
    machine.run(MINUTE_MS);
    for (let days = 1; days < 10; days += 1) {
      machine.wrongBy = days * DAY_MS;
      expect(new Set(machine.run(4 * MINUTE_MS))).toEqual(new Set([0]));
    }
  });

  it('follows at once after the machine has slept: both clocks have gone on', () => {
    const machine = new Machine();
    machine.run(MINUTE_MS);
    machine.passed += 9 * HOUR_MS;
    expect(machine.clock.now()).toBe(machine.right);
  });

  it('comes right five minutes after a wrong clock at the start', () => {
    const machine = new Machine(10 * DAY_MS);
    expect(new Set(machine.run(MINUTE_MS))).toEqual(new Set([10 * DAY_MS]));
    machine.wrongBy = 0;
    expect(machine.run(6 * MINUTE_MS).at(-1)).toBe(0);
  });

  it('runs backwards only where a step back has lasted for five minutes', () => {
    const reading = fc.record({
      ms: fc.integer({ min: 0, max: 3 * MINUTE_MS }),
      wrongBy: fc.constantFrom(0, 0, -30 * SECOND, 50 * SECOND, -5 * DAY_MS, 5 * DAY_MS, 5 * DAY_MS, 20 * DAY_MS),
    });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 100 }), (readings) => {
        const machine = new Machine();
        let last = -Infinity;
        let sinceStep = 0;
        for (const { ms, wrongBy } of readings) {
          machine.passed += ms;
          if (Math.abs(wrongBy - machine.wrongBy) > MINUTE_MS) sinceStep = machine.passed;
          machine.wrongBy = wrongBy;
          const now = machine.clock.now();
          if (now < last) expect(machine.passed - sinceStep).toBeGreaterThanOrEqual(5 * MINUTE_MS);
          last = now;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads the clocks of this machine', () => {
    const clock = new ArrivalClock();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(SECOND);
  });
});
