import type { CaptureState } from '@analytica/domain';
import type { SourceRun } from '../pipeline/source-run.js';
import type { SourceState } from '@analytica/domain/contracts';

/** What counts first where several sources stand differently. */
const ORDER = ['FILLING', 'LIVE', 'STARTING', 'REPLAYING'] as const satisfies readonly SourceState[];

/** Where capture as a whole stands: starting, filling, live, replaying, or idle. */
export class CaptureProgress {
  /** Set once what was filled can be found. */
  isLive = false;
  readonly #runs: readonly SourceRun[];

  constructor(runs: readonly SourceRun[]) {
    this.#runs = runs;
  }

  /** Whether no source gives posts as they happen, now or later in this run. */
  get hasNoLiveSource(): boolean {
    return this.#runs.every((run) => run.isFinished || run.source.progress() !== null);
  }

  get state(): CaptureState {
    const states = this.#runs.map((run) => run.status().state);
    return ORDER.find((each) => states.includes(each)) ?? (states.includes('WAITING') ? 'STARTING' : 'IDLE');
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
}
