import { setTimeout as wait } from 'node:timers/promises';
import { isLivyError } from '@analytica/livy';
import { cancelled } from './failures.js';
import type { PendingAnalysis } from './pending-analysis.js';
import { SharedRunTooLarge } from './run.js';

/** One run on one session answers at most so many analyses. */
export const MAX_ANALYSES_PER_RUN = 8;
/**
 * A run that has a session waits so long before it takes waiting analyses, in ms: other runs may get a session in that time, and the
 * waiting analyses are then shared out among them.
 */
const GATHER_MS = 10;

/** The analyses that one run answers. */
export type RunAnalyses = readonly [PendingAnalysis, ...PendingAnalysis[]];

/**
 * Leases a session for `work`, and another one up to `retries` times if the session is lost. `answer` settles the analyses, or
 * throws an error that concerns all of them.
 */
export type OnSession = (
  signal: AbortSignal,
  retries: number,
  work: (answer: (analyses: RunAnalyses) => Promise<void>) => Promise<void>,
) => Promise<void>;

/** Analyses that ask about the same files. */
interface Group {
  /** The analyses that wait for a session, each with a function that ends its waiting. */
  readonly waiting: Map<PendingAnalysis, () => void>;
  /** How many runs have a session and are about to take waiting analyses. */
  gathering: number;
}

/**
 * Answers analyses that wait for a session and ask about the same files by one run, which reads the files once. The first analysis
 * that gets a session takes others along. Each analysis can be cancelled by itself. If a shared run fails, each analysis is answered
 * by a run of its own.
 */
export class SharedRuns {
  readonly #onSession: OnSession;
  readonly #groups = new Map<string, Group>();

  constructor(onSession: OnSession) {
    this.#onSession = onSession;
  }

  /**
   * Settles an analysis. Never rejects; ends once no session is used for the analysis any more.
   * @param files - the same text for analyses that one run can answer.
   */
  async answer(analysis: PendingAnalysis, files: string): Promise<void> {
    const group = this.#groups.get(files) ?? { waiting: new Map<PendingAnalysis, () => void>(), gathering: 0 };
    this.#groups.set(files, group);
    const ending = new AbortController();
    const end = (): void => {
      ending.abort(cancelled());
    };
    analysis.signal.addEventListener('abort', end, { once: true });
    group.waiting.set(analysis, end);
    let run: SharedRun | null = null;
    // A second session, after the first was lost, belongs to the same run.
    const startedRun = async (): Promise<SharedRun | null> => {
      if (run === null && group.waiting.delete(analysis)) run = new SharedRun([analysis, ...(await gather(group))]);
      return run;
    };
    try {
      await this.#onSession(ending.signal, 1, async (answer) => {
        const started = await startedRun();
        if (started === null) return;
        if (started.analyses.length > 1) analysis.signal.removeEventListener('abort', end);
        await started.answer(answer, end);
      });
    } catch (error) {
      const started = run as SharedRun | null;
      if (started !== null) started.fail(error);
      else if (group.waiting.has(analysis)) analysis.reject(error);
      // Otherwise another run has taken the analysis and ended its waiting.
    } finally {
      analysis.signal.removeEventListener('abort', end);
      group.waiting.delete(analysis);
      if (group.waiting.size === 0 && group.gathering === 0 && this.#groups.get(files) === group)
        this.#groups.delete(files);
    }
    const ended = run as SharedRun | null;
    if (ended !== null) await Promise.all(ended.unanswered.map((one) => this.#answerAlone(one, ended.retries)));
  }

  async #answerAlone(analysis: PendingAnalysis, retries: number): Promise<void> {
    try {
      await this.#onSession(analysis.signal, retries, (answer) => answer([analysis]));
    } catch (error) {
      analysis.reject(error);
    }
  }
}

/** Takes a share of the waiting analyses and ends their waiting. */
async function gather(group: Group): Promise<PendingAnalysis[]> {
  if (group.waiting.size === 0) return [];
  group.gathering++;
  await wait(GATHER_MS);
  const share = Math.min(MAX_ANALYSES_PER_RUN - 1, Math.ceil(group.waiting.size / group.gathering));
  group.gathering--;
  const taken = [...group.waiting].slice(0, share);
  for (const [analysis, end] of taken) {
    group.waiting.delete(analysis);
    end();
  }
  return taken.map(([analysis]) => analysis);
}

/** A run for one analysis or for several. */
class SharedRun {
  readonly analyses: RunAnalyses;
  #unanswered: readonly PendingAnalysis[] = [];
  #retries = 1;

  constructor(analyses: RunAnalyses) {
    this.analyses = analyses;
  }

  /** The analyses that need a run of their own after the shared run failed. */
  get unanswered(): readonly PendingAnalysis[] {
    return this.#unanswered.filter(({ isOver }) => !isOver);
  }

  /** How many further sessions each unanswered analysis may lose. */
  get retries(): number {
    return this.#retries;
  }

  /**
   * Answers the analyses. Throws for a single analysis; several are settled, or are `unanswered` afterwards.
   * @param end - ends the shared run; called once every analysis is cancelled.
   */
  async answer(answer: (analyses: RunAnalyses) => Promise<void>, end: () => void): Promise<void> {
    if (this.analyses.length === 1) {
      await answer(this.analyses);
      return;
    }
    const leave = this.analyses.map((analysis) => (): void => {
      analysis.reject(cancelled());
      if (this.analyses.every(({ isOver }) => isOver)) end();
    });
    this.analyses.forEach(({ signal }, index) => {
      if (signal.aborted) leave[index]?.();
      else signal.addEventListener('abort', leave[index] ?? end, { once: true });
    });
    try {
      await answer(this.analyses);
    } catch (error) {
      this.#handleFailure(error);
    } finally {
      this.analyses.forEach(({ signal }, index) => {
        signal.removeEventListener('abort', leave[index] ?? end);
      });
    }
  }

  fail(error: unknown): void {
    for (const analysis of this.analyses) analysis.reject(error);
  }

  /** An error that may be due to the sharing leaves the analyses unanswered; any other one fails all of them. */
  #handleFailure(error: unknown): void {
    const isSessionLost = isLivyError(error) && error.sessionLost;
    const mayBeDueToSharing =
      error instanceof SharedRunTooLarge || isLivyError(error, 'PROGRAM_FAILED', 'TIMEOUT') || isSessionLost;
    if (!mayBeDueToSharing) {
      this.fail(error);
      return;
    }
    // An analysis is tried on two sessions at most.
    this.#retries = isSessionLost ? 0 : 1;
    this.#unanswered = this.analyses;
  }
}
