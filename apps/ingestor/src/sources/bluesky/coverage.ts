import type { GapCause } from '@analytica/domain/contracts';
import type { CoverageEvent } from '../source.js';

/**
 * A server that has all that was asked for begins at once with what came next after it. Posts come many times a second, so that a
 * silence of this length at the place of the cursor means that what happened there is no longer held.
 */
const MISSED_MS = 30_000;

/** What is known when the first events of a connection are there, or when it is known to be alive without any. */
export interface Beginning {
  /** What was asked for begins here; null for what happens from now on. */
  readonly askedFrom: number | null;
  /** Up to here all had come before; null where nothing had. */
  readonly reached: number | null;
  /** Time of the first event; null where there is none yet. */
  readonly firstEvent: number | null;
  readonly openedAt: number;
  /** Whether the server said that it no longer has all that was asked for. */
  readonly isOutdated: boolean;
}

/**
 * The times in which posts were captured, by the events' own time: the cursor brings what happened while there was no connection, so
 * that a lost connection by itself leaves no gap. Epoch ms.
 */
export class EventTimeCoverage {
  #reached: number | null = null;
  #isOpen = false;
  /** Why nothing is captured, as it was told; null before anything was, and while it is. */
  #lostBy: GapCause | null = null;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  begin({ askedFrom, reached, firstEvent, openedAt, isOutdated }: Beginning): readonly CoverageEvent[] {
    this.#isOpen = true;
    this.#lostBy = null;
    const from = reached ?? askedFrom;
    if (askedFrom === null || from === null) {
      this.#reached = firstEvent ?? openedAt;
      return [{ type: 'began', at: this.#reached }];
    }
    const began: CoverageEvent = { type: 'began', at: Math.min(askedFrom, from) };
    this.#reached = from;
    // After the connection was made, a silence is one of the network: nothing happened.
    const resumedAt = Math.min(firstEvent ?? openedAt, openedAt);
    if (resumedAt <= from || (resumedAt - from <= MISSED_MS && !isOutdated)) return [began];
    this.#reached = resumedAt;
    return [began, { type: 'missed', from, to: resumedAt, cause: 'CURSOR_EXPIRED' }];
  }

  /** All up to `at` has come. */
  reach(at: number): readonly CoverageEvent[] {
    if (!this.#isOpen || (this.#reached !== null && at <= this.#reached)) return [];
    this.#reached = at;
    return [{ type: 'reached', at }];
  }

  /**
   * A connection is over, or could not be made. That a server refuses is news after a connection broke; that the network is away, or
   * another server refuses, is none after that: a gap has two causes at most.
   * @param now - epoch ms.
   */
  end(cause: GapCause, now: number): readonly CoverageEvent[] {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (!wasOpen && (cause === 'DISCONNECTED' || (this.#lostBy !== null && this.#lostBy !== 'DISCONNECTED'))) return [];
    this.#lostBy = cause;
    const at = wasOpen ? this.#reached : now;
    return at === null ? [] : [{ type: 'ended', at, cause }];
  }
}
