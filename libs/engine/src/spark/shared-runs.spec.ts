import { setTimeout as wait } from 'node:timers/promises';
import { LivyError } from '@analytica/livy';
import type { AnalysisResult } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { NEVER, question, Recorder } from '../conformance/harness.js';
import { PendingAnalysis } from './pending-analysis.js';
import { Progress } from './progress.js';
import type { Question } from './question.js';
import { analysisResult, emptyAnswer } from './results.js';
import { SharedRunTooLarge } from './run.js';
import { MAX_ANALYSES_PER_RUN, type OnSession, type RunAnalyses, SharedRuns } from './shared-runs.js';

const RESULT: AnalysisResult = analysisResult(emptyAnswer(), [], 0, true);

function pendingAnalysis(signal = NEVER): PendingAnalysis {
  const sink = new Recorder();
  return new PendingAnalysis(question('cat'), {} as Question, new Progress(sink, []), sink, signal);
}

/** So many sessions, first come first served, as the pool leases them; `answer` is what a run on one does. */
class Sessions {
  readonly runs: RunAnalyses[] = [];
  readonly retries: number[] = [];
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(
    free: number,
    readonly answer: (analyses: RunAnalyses, signal: AbortSignal) => Promise<void> = async (analyses) => {
      await wait(30);
      for (const one of analyses) one.resolve(RESULT);
    },
  ) {
    this.#free = free;
  }

  readonly on: OnSession = async (signal, retries, work) => {
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push(resolve);
      const leave = (): void => {
        const place = this.#waiting.indexOf(resolve);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal.reason as Error);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      this.free(0);
    });
    this.retries.push(retries);
    try {
      await work(async (analyses) => {
        this.runs.push(analyses);
        await this.answer(analyses, signal);
      });
    } finally {
      this.free(1);
    }
  };

  free(more: number): void {
    this.#free += more;
    for (; this.#free > 0 && this.#waiting.length > 0; this.#free--) this.#waiting.shift()?.();
  }
}

describe('analyses of the same files', () => {
  it('are answered by one run each while sessions are free, and by a common one while none is', async () => {
    const sessions = new Sessions(2);
    const sharedRuns = new SharedRuns(sessions.on);
    const first = pendingAnalysis();
    await sharedRuns.answer(first, 'a');
    expect(await first.result).toBe(RESULT);
    const many = Array.from({ length: 8 }, () => pendingAnalysis());
    await Promise.all(many.map((one) => sharedRuns.answer(one, 'a')));
    await Promise.all(many.map(({ result }) => result));
    expect(sessions.runs.map(({ length }) => length)).toEqual([1, 4, 4]);
    expect(new Set(sessions.runs.slice(1).flat())).toEqual(new Set(many));
  });

  it('are not mixed with those of others, nor more than a run takes', async () => {
    const sessions = new Sessions(0);
    const sharedRuns = new SharedRuns(sessions.on);
    const same = Array.from({ length: MAX_ANALYSES_PER_RUN + 2 }, () => pendingAnalysis());
    const other = pendingAnalysis();
    const asked = [...same.map((one) => sharedRuns.answer(one, 'a')), sharedRuns.answer(other, 'b')];
    sessions.free(1);
    await Promise.all(asked);
    expect(sessions.runs.map(({ length }) => length).sort()).toEqual([1, 2, MAX_ANALYSES_PER_RUN]);
    expect(sessions.runs.find((run) => run.includes(other))).toEqual([other]);
  });

  it('leave a common run one by one; it ends when all have left', async () => {
    let ended = 0;
    const sessions = new Sessions(0, async (analyses, signal) => {
      const [, second] = analyses;
      if (second?.isOver === true) throw new Error('gone too early');
      await wait(5_000, undefined, { signal }).catch(() => ended++);
      throw new LivyError('ABORTED', 'ended');
    });
    const sharedRuns = new SharedRuns(sessions.on);
    const controllers = [new AbortController(), new AbortController()];
    const analyses = controllers.map(({ signal }) => pendingAnalysis(signal));
    const asked = analyses.map((one) => sharedRuns.answer(one, 'a'));
    sessions.free(1);
    await wait(50);
    controllers[0]?.abort();
    await expect(analyses[0]?.result).rejects.toMatchObject({ code: 'CANCELLED' });
    await wait(20);
    expect([sessions.runs.length, ended]).toEqual([1, 0]);
    controllers[1]?.abort();
    await expect(analyses[1]?.result).rejects.toMatchObject({ code: 'CANCELLED' });
    await Promise.all(asked);
    expect(ended).toBe(1);
  });

  it('that is cancelled while it waits waits no longer', async () => {
    const sessions = new Sessions(0);
    const sharedRuns = new SharedRuns(sessions.on);
    const controller = new AbortController();
    const [kept, left] = [pendingAnalysis(), pendingAnalysis(controller.signal)];
    const asked = [sharedRuns.answer(left, 'a'), sharedRuns.answer(kept, 'a')];
    controller.abort();
    await expect(left.result).rejects.toMatchObject({ code: 'CANCELLED' });
    sessions.free(1);
    await Promise.all(asked);
    expect(sessions.runs).toEqual([[kept]]);
  });

  it.each([
    ['too much matches', new SharedRunTooLarge(), 1],
    ['the program fails', new LivyError('PROGRAM_FAILED', 'MemoryError'), 1],
    ['the session is lost: each has had one of its two', new LivyError('SESSION_DEAD', 'dead'), 0],
  ])('are answered alone where %s', async (_, error, retries) => {
    const sessions = new Sessions(0, async (analyses) => {
      await wait(1);
      if (analyses.length > 1) throw error;
      analyses[0].resolve(RESULT);
    });
    const sharedRuns = new SharedRuns(sessions.on);
    const analyses = [pendingAnalysis(), pendingAnalysis(), pendingAnalysis()];
    const asked = analyses.map((one) => sharedRuns.answer(one, 'a'));
    sessions.free(1);
    await Promise.all(asked);
    expect(await Promise.all(analyses.map(({ result }) => result))).toEqual([RESULT, RESULT, RESULT]);
    expect(sessions.runs.map(({ length }) => length)).toEqual([3, 1, 1, 1]);
    expect(sessions.retries.slice(1)).toEqual([retries, retries, retries]);
  });

  it('all learn of what concerns them all', async () => {
    const sessions = new Sessions(0, () => Promise.reject(new LivyError('NETWORK', 'away')));
    const sharedRuns = new SharedRuns(sessions.on);
    const analyses = [pendingAnalysis(), pendingAnalysis()];
    const asked = analyses.map((one) => sharedRuns.answer(one, 'a'));
    sessions.free(1);
    await Promise.all(asked);
    for (const { result } of analyses)
      await expect(result).rejects.toMatchObject({ code: 'ENGINE_FAILED', retryable: true });
    expect(sessions.runs).toHaveLength(1);
  });
});
