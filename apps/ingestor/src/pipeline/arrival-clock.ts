import { uptime } from 'node:os';
import { MINUTE_MS } from '@analytica/domain';

/** A wall clock that differs by no more from where it should be was corrected a little, and is followed at once. */
const SMALL_STEP_MS = MINUTE_MS;
/**
 * How long a larger step must last before it is followed. A mistaken setting is usually taken back within that, and a right
 * one, such as the first answer of a time server, makes capture wait no longer than that.
 */
const STEP_LASTS_MS = 5 * MINUTE_MS;

/** The two clocks of a machine that the time of arrival is made of; in ms. */
export interface MachineClocks {
  /** Since 1970. It may be set at any time. */
  wall(): number;
  /** Since any moment. It never jumps, and goes on while the machine sleeps: a wake-up is no step. */
  uptime(): number;
}

const MACHINE: MachineClocks = { wall: Date.now, uptime: () => uptime() * 1000 };

/**
 * When records arrive: the wall clock, but for a step of more than a minute, which counts only after it has lasted for five.
 * Until then the time goes on as before the step. Times never run backwards within a process, with one exception: when the wall
 * clock stays set back, the times before that were wrong, and the right ones are given from then on.
 *
 * A wrong time can get in where the process starts while the wall clock is wrong, and where it stays wrong for five minutes.
 */
export class ArrivalClock {
  readonly #clocks: MachineClocks;
  /** Wall clock less uptime, as it is believed. */
  #offset: number;
  #step: { readonly offset: number; readonly since: number } | null = null;
  #latest = -Infinity;

  constructor(clocks: MachineClocks = MACHINE) {
    this.#clocks = clocks;
    this.#offset = clocks.wall() - clocks.uptime();
  }

  /** Epoch ms, whole. */
  now(): number {
    const running = this.#clocks.uptime();
    this.#follow(this.#clocks.wall() - running, running);
    this.#latest = Math.max(this.#latest, Math.floor(running + this.#offset));
    return this.#latest;
  }

  #follow(offset: number, running: number): void {
    const isNear = (other: number): boolean => Math.abs(offset - other) <= SMALL_STEP_MS;
    if (isNear(this.#offset)) {
      this.#offset = offset;
      this.#step = null;
    } else if (this.#step === null || !isNear(this.#step.offset)) {
      this.#step = { offset, since: running };
    } else if (running - this.#step.since >= STEP_LASTS_MS) {
      if (offset < this.#offset) this.#latest = -Infinity;
      this.#offset = offset;
      this.#step = null;
    }
  }
}
