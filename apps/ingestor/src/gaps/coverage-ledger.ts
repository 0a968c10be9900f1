import { applyChange, applyChanges } from '@analytica/domain';
import {
  type Coverage,
  type CoverageChange,
  type Gap,
  type GapCause,
  NO_COVERAGE,
  type SourceCoverage,
} from '@analytica/domain/contracts';
import type { LogCoverage } from '../log/log-state.js';
import type { CoverageEvent, Source } from '../sources/source.js';
import { type NewChange, withNewChanges } from './changes.js';
import type { Sleep, SleepWatch } from './sleep-watch.js';

/** What a source gave, as far as it matters when it captured. */
export interface ToldBatch {
  readonly arrivedAt: number;
  readonly isLive: boolean;
  readonly coverage: readonly CoverageEvent[];
}

type Named = Pick<Source, 'name' | 'importName'>;

export interface LedgerParts {
  /** What the lake lists. */
  readonly listed: () => Coverage | undefined;
  /** What the log holds when capture begins. */
  readonly logged: LogCoverage;
  readonly sources: readonly Named[];
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
  readonly sleep: SleepWatch;
}

/**
 * Keeps when each live source captured (counting.md, rule 29). What it makes of what happens is stored in the line that commits a
 * batch, so that it is as durable as the posts; the lake gets it with the segment that holds them.
 */
export class CoverageLedger {
  readonly #parts: LedgerParts;
  /** What is known by now. */
  #coverage: Coverage;
  /** Sources that say themselves when they capture. */
  readonly #tellers = new Set<string>();
  /** How many posts of each source are stored. */
  readonly #stored = new Map<string, number>();
  /** Of each source, the sleep that it has been told of, by when that ended. */
  readonly #slept = new Map<string, number>();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#coverage = applyChanges(parts.listed() ?? NO_COVERAGE, parts.logged.unlisted);
  }

  /** Gaps of all sources, oldest first, as they are known by now. */
  get gaps(): readonly Gap[] {
    return this.#coverage.gaps;
  }

  /** What of the log's changes the lake does not list. */
  unlisted({ unlisted }: LogCoverage): readonly CoverageChange[] {
    const listedSeq = this.#parts.listed()?.seq ?? 0;
    return unlisted.filter(({ seq }) => seq > listedSeq);
  }

  /**
   * What happened while no process captured: one that captured and did not end it was killed; a source that is not among those of
   * this process is not switched on.
   */
  startChanges(): readonly NewChange[] {
    const names = new Set(this.#parts.sources.map(({ name }) => name));
    return this.#coverage.sources.flatMap((known): NewChange[] => {
      const { source } = known;
      if (!isOn(known)) return [];
      if (!names.has(source)) return [{ type: 'switched-off', source, arrivedAt: this.#parts.now() }];
      return this.endChanges(source, 'CRASHED');
    });
  }

  /** That a source captures no more; nothing where it did not. */
  endChanges(source: string, cause: GapCause): NewChange[] {
    const known = this.#known(source);
    if (known === undefined || !isOn(known) || this.#openGap(source) !== undefined) return [];
    return [{ type: 'ended', source, at: known.place, cause, arrivedAt: this.#parts.now() }];
  }

  /** Whether the machine slept and this source was not told of it. */
  isSleepNews(source: string): boolean {
    const sleep = this.#parts.sleep.check();
    return sleep !== null && this.#slept.get(source) !== sleep.to;
  }

  /** That the machine slept while a source captured; nothing where that is known. */
  sleepChanges(source: string): NewChange[] {
    const sleep = this.#parts.sleep.check();
    if (sleep === null || !this.isSleepNews(source)) return [];
    this.#slept.set(source, sleep.to);
    return this.endChanges(source, 'SLEPT');
  }

  /**
   * What batches of a source change.
   * @param stored - how many posts of each are stored.
   */
  batchChanges({ name, importName }: Named, batches: readonly ToldBatch[], stored: readonly number[]): NewChange[] {
    if (importName !== null) return [];
    return batches.flatMap((batch, index) => {
      const total = (this.#stored.get(name) ?? this.#known(name)?.stored ?? 0) + (stored[index] ?? 0);
      this.#stored.set(name, total);
      return [...this.#sleepBefore(name, batch), ...this.#batchChanges(name, batch, total)];
    });
  }

  /** What the log's state has to say once these changes are in it. Its caller sees to it that they get there, or ends the process. */
  add(logged: LogCoverage, changes: readonly NewChange[]): LogCoverage {
    const next = withNewChanges(logged, changes, this.#parts.listed()?.seq ?? 0);
    for (const change of next.unlisted) this.#coverage = applyChange(this.#coverage, change);
    return next;
  }

  /** What arrived before the machine slept was captured before. Both ends of the sleep are known to half a second only. */
  #sleepBefore(name: string, { arrivedAt }: ToldBatch): NewChange[] {
    const sleep: Sleep | null = this.#parts.sleep.check();
    return sleep === null || arrivedAt <= (sleep.from + sleep.to) / 2 ? [] : this.sleepChanges(name);
  }

  #batchChanges(source: string, { arrivedAt, isLive, coverage }: ToldBatch, stored: number): NewChange[] {
    if (coverage.length > 0) this.#tellers.add(source);
    if (coverage.length === 0 && isLive && !this.#tellers.has(source)) {
      return [{ type: 'reached', source, at: arrivedAt, arrivedAt, stored }];
    }
    return coverage.map((event) => asChange(event, source, arrivedAt, stored));
  }

  #known(name: string): SourceCoverage | undefined {
    return this.#coverage.sources.find(({ source }) => source === name);
  }

  #openGap(name: string): Gap | undefined {
    return this.#coverage.gaps.find(({ source, status }) => source === name && status === 'OPEN');
  }
}

function asChange(event: CoverageEvent, source: string, arrivedAt: number, stored: number): NewChange {
  switch (event.type) {
    case 'reached':
      return { ...event, source, arrivedAt, stored };
    case 'refilled':
      return { ...event, source: event.source ?? source, arrivedAt };
    default:
      return { ...event, source, arrivedAt };
  }
}

function isOn({ switchedOn }: SourceCoverage): boolean {
  return switchedOn.at(-1)?.to === null;
}
