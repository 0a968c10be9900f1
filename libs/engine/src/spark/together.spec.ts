import { setTimeout as wait } from 'node:timers/promises';
import { LivyError } from '@analytica/livy';
import type { AnalysisResult } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { NEVER, question, Recorder } from '../conformance/harness.js';
import { Asker } from './asker.js';
import { Progress } from './progress.js';
import type { Question } from './question.js';
import { analysisResult, emptyAnswer } from './results.js';
import { TooMuchTogether } from './run.js';
import { MOST_TOGETHER, Together, type Askers, type OnSession } from './together.js';

const RESULT: AnalysisResult = analysisResult(emptyAnswer(), [], 0, true);

function asker(signal = NEVER): Asker {
  const sink = new Recorder();
  return new Asker(question('cat'), {} as Question, new Progress(sink, []), sink, signal);
}

/** So many sessions, first come first served, as the pool leases them; `answer` is what a run on one does. */
class Sessions {
  readonly runs: Askers[] = [];
  readonly retries: number[] = [];
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(
    free: number,
    readonly answer: (askers: Askers, signal: AbortSignal) => Promise<void> = async (askers) => {
      await wait(30);
      for (const one of askers) one.resolve(RESULT);
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
      await work(async (askers) => {
        this.runs.push(askers);
        await this.answer(askers, signal);
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

describe('askers of the same files', () => {
  it('are answered by one run each while sessions are free, and by a common one while none is', async () => {
    const sessions = new Sessions(2);
    const together = new Together(sessions.on);
    const first = asker();
    await together.ask(first, 'a');
    expect(await first.answer).toBe(RESULT);
    const many = Array.from({ length: 8 }, () => asker());
    await Promise.all(many.map((one) => together.ask(one, 'a')));
    await Promise.all(many.map(({ answer }) => answer));
    expect(sessions.runs.map(({ length }) => length)).toEqual([1, 4, 4]);
    expect(new Set(sessions.runs.slice(1).flat())).toEqual(new Set(many));
  });

  it('are not mixed with those of others, nor more than a run takes', async () => {
    const sessions = new Sessions(0);
    const together = new Together(sessions.on);
    const same = Array.from({ length: MOST_TOGETHER + 2 }, () => asker());
    const other = asker();
    const asked = [...same.map((one) => together.ask(one, 'a')), together.ask(other, 'b')];
    sessions.free(1);
    await Promise.all(asked);
    expect(sessions.runs.map(({ length }) => length).sort()).toEqual([1, 2, MOST_TOGETHER]);
    expect(sessions.runs.find((run) => run.includes(other))).toEqual([other]);
  });

  it('leave a common run one by one; it ends when all have left', async () => {
    let ended = 0;
    const sessions = new Sessions(0, async (askers, signal) => {
      const [, second] = askers;
      if (second?.isGone === true) throw new Error('gone too early');
      await wait(5_000, undefined, { signal }).catch(() => ended++);
      throw new LivyError('ABORTED', 'ended');
    });
    const together = new Together(sessions.on);
    const controllers = [new AbortController(), new AbortController()];
    const askers = controllers.map(({ signal }) => asker(signal));
    const asked = askers.map((one) => together.ask(one, 'a'));
    sessions.free(1);
    await wait(50);
    controllers[0]?.abort();
    await expect(askers[0]?.answer).rejects.toMatchObject({ code: 'CANCELLED' });
    await wait(20);
    expect([sessions.runs.length, ended]).toEqual([1, 0]);
    controllers[1]?.abort();
    await expect(askers[1]?.answer).rejects.toMatchObject({ code: 'CANCELLED' });
    await Promise.all(asked);
    expect(ended).toBe(1);
  });

  it('that is cancelled while it waits waits no longer', async () => {
    const sessions = new Sessions(0);
    const together = new Together(sessions.on);
    const controller = new AbortController();
    const [kept, left] = [asker(), asker(controller.signal)];
    const asked = [together.ask(left, 'a'), together.ask(kept, 'a')];
    controller.abort();
    await expect(left.answer).rejects.toMatchObject({ code: 'CANCELLED' });
    sessions.free(1);
    await Promise.all(asked);
    expect(sessions.runs).toEqual([[kept]]);
  });

  it.each([
    ['too much matches', new TooMuchTogether(), 1],
    ['the program fails', new LivyError('PROGRAM_FAILED', 'MemoryError'), 1],
    ['the session is lost: each has had one of its two', new LivyError('SESSION_DEAD', 'dead'), 0],
  ])('are answered alone where %s', async (_, error, retries) => {
    const sessions = new Sessions(0, async (askers) => {
      await wait(1);
      if (askers.length > 1) throw error;
      askers[0].resolve(RESULT);
    });
    const together = new Together(sessions.on);
    const askers = [asker(), asker(), asker()];
    const asked = askers.map((one) => together.ask(one, 'a'));
    sessions.free(1);
    await Promise.all(asked);
    expect(await Promise.all(askers.map(({ answer }) => answer))).toEqual([RESULT, RESULT, RESULT]);
    expect(sessions.runs.map(({ length }) => length)).toEqual([3, 1, 1, 1]);
    expect(sessions.retries.slice(1)).toEqual([retries, retries, retries]);
  });

  it('all learn of what concerns them all', async () => {
    const sessions = new Sessions(0, () => Promise.reject(new LivyError('NETWORK', 'away')));
    const together = new Together(sessions.on);
    const askers = [asker(), asker()];
    const asked = askers.map((one) => together.ask(one, 'a'));
    sessions.free(1);
    await Promise.all(asked);
    for (const { answer } of askers)
      await expect(answer).rejects.toMatchObject({ code: 'ENGINE_FAILED', retryable: true });
    expect(sessions.runs).toHaveLength(1);
  });
});
