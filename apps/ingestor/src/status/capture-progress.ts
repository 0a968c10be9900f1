import type { CaptureState } from '@analytica/domain';
import type { Intake } from '../pipeline/intake.js';
import type { Source } from '../sources/source.js';

/** Where capture stands: filling, replaying, live, or done. */
export class CaptureProgress {
  /** Set once what was filled can be found. */
  isLive = false;
  readonly #source: Source | null;
  readonly #intake: Intake | null;
  #isEnded: boolean;

  constructor(source: Source | null, intake: Intake | null) {
    this.#source = source;
    this.#intake = intake;
    this.#isEnded = source === null;
  }

  /** Whether there is no source, or it has ended and all of it is in the lake. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  ended(): void {
    this.#isEnded = true;
  }

  get state(): CaptureState {
    if (this.#source === null || this.#isEnded) return 'IDLE';
    const progress = this.#source.progress();
    const isFilling = this.#source.postSource === 'demo';
    if (progress !== null) {
      if (!isFilling) return 'REPLAYING';
      return this.#intake?.started === true ? 'FILLING' : 'STARTING';
    }
    // The source may have filled all, while the log has not.
    if (isFilling && !this.isLive && (this.#intake?.pendingLines ?? 0) > 0) return 'FILLING';
    return 'LIVE';
  }
}
