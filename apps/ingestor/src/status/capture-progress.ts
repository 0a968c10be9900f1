import type { CaptureState } from '@analytica/domain';
import type { SourceRun } from '../pipeline/source-run.js';
import type { SourceState } from '@analytica/domain/contracts';

/** What counts first where several sources stand differently. */
const ORDER = ['FILLING', 'LIVE', 'STARTING', 'REPLAYING'] as const satisfies readonly SourceState[];
/** A connection that is made anew within this time is no fault. */
const RECONNECT_MS = 3000;

/** A source that captures nothing, though it has not given up. */
export interface Disconnected {
  readonly source: string;
  readonly state: SourceState;
  /** One sentence for people. */
  readonly sentence: string;
}

type Progressing = Pick<SourceRun, 'isFinished' | 'status' | 'source' | 'failure'> & {
  readonly intake: Pick<SourceRun['intake'], 'batches'>;
};

/** Where capture as a whole stands: starting, filling, live, replaying, idle, or stopped. */
export class CaptureProgress {
  /** Set once what was filled can be found. */
  isLive = false;
  readonly #runs: readonly Progressing[];
  readonly #clock: () => number;
  /** Since when each source that is seen without a connection has been so. */
  readonly #waitingSince = new Map<Progressing, number>();

  /** @param clock - milliseconds of a clock that never jumps. */
  constructor(runs: readonly Progressing[], clock = (): number => performance.now()) {
    this.#runs = runs;
    this.#clock = clock;
  }

  /** Whether no source gives posts as they happen, now or later in this run. */
  get hasNoLiveSource(): boolean {
    return this.#runs.every((run) => run.isFinished || run.source.progress() !== null);
  }

  /** STOPPED where what could capture does not: for people, a source without a connection is as bad as one that failed. */
  get state(): CaptureState {
    const states = this.#runs.map((run) => this.#stateOf(run));
    const first = ORDER.find((each) => states.includes(each));
    if (first !== undefined) return first;
    return states.some((state) => state === 'WAITING' || state === 'FAILED') ? 'STOPPED' : 'IDLE';
  }

  /** A source that has been without a connection for a while, or is refused one; null where none is. */
  get disconnected(): Disconnected | null {
    for (const run of this.#runs) {
      const state = this.#stateOf(run);
      // What made a source fail is reported with the failure.
      if (state !== 'WAITING' && (state !== 'FAILED' || run.failure !== null)) continue;
      const { name } = run.source;
      const sentence = run.status().problems[0] ?? `${name} has no connection. It connects again by itself.`;
      return { source: name, state, sentence };
    }
    return null;
  }

  /** Share of the fill, or of the files, that is done (0 to 1); null where neither is under way. */
  get share(): number | null {
    const shares = this.#runs.flatMap((run) => {
      const { state } = run.status();
      const share = state === 'FILLING' || state === 'REPLAYING' ? run.source.progress() : null;
      return share === null ? [] : [share];
    });
    return shares.length === 0 ? null : Math.min(...shares);
  }

  #stateOf(run: Progressing): SourceState {
    const { state } = run.status();
    if (state !== 'WAITING') {
      this.#waitingSince.delete(run);
      return state;
    }
    const since = this.#waitingSince.get(run) ?? this.#clock();
    this.#waitingSince.set(run, since);
    if (this.#clock() - since >= RECONNECT_MS) return 'WAITING';
    return run.intake.batches > 0 ? 'LIVE' : 'STARTING';
  }
}
