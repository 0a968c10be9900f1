import { setTimeout as wait } from 'node:timers/promises';
import { isLivyError } from '@analytica/livy';
import type { Asker } from './asker.js';
import { cancelled } from './failures.js';
import { TooMuchTogether } from './run.js';

/** So many analyses are answered by one run on one session at most. */
export const MOST_TOGETHER = 8;
/** How long one who has a session lets others have one too, before those who still wait are shared out among them. */
const GATHER_MS = 10;

/** Those whom one run answers. */
export type Askers = readonly [Asker, ...Asker[]];

/** Leases a session for `work`, and another if that is lost, so many times. `answer` settles askers, or throws what concerns them all. */
export type OnSession = (
  signal: AbortSignal,
  retries: number,
  work: (answer: (askers: Askers) => Promise<void>) => Promise<void>,
) => Promise<void>;

interface Group {
  /** Each with what ends its waiting. */
  readonly waiting: Map<Asker, () => void>;
  /** How many have a session and are about to take others along. */
  leaders: number;
}

/**
 * Those who wait for a session and ask about the same files are answered by one run, which reads the files once: who gets a
 * session takes others along. Each can be cancelled by itself; where the common run fails, each is answered alone.
 */
export class Together {
  readonly #onSession: OnSession;
  readonly #groups = new Map<string, Group>();

  constructor(onSession: OnSession) {
    this.#onSession = onSession;
  }

  /**
   * Sees to it that the asker is settled. Never rejects; ends when no session is used for it any more.
   * @param files - the same for those whom one run can answer.
   */
  async ask(asker: Asker, files: string): Promise<void> {
    const group = this.#groups.get(files) ?? { waiting: new Map<Asker, () => void>(), leaders: 0 };
    this.#groups.set(files, group);
    const ending = new AbortController();
    const end = (): void => {
      ending.abort(cancelled());
    };
    asker.signal.addEventListener('abort', end, { once: true });
    group.waiting.set(asker, end);
    let lead: Lead | null = null;
    const leading = async (): Promise<Lead | null> => {
      if (lead === null && group.waiting.delete(asker)) lead = new Lead([asker, ...(await gathered(group))]);
      return lead;
    };
    try {
      await this.#onSession(ending.signal, 1, async (answer) => {
        const own = await leading();
        if (own === null) return;
        if (own.askers.length > 1) asker.signal.removeEventListener('abort', end);
        await own.answer(answer, end);
      });
    } catch (error) {
      const own = lead as Lead | null;
      if (own !== null) own.fail(error);
      else if (group.waiting.has(asker)) asker.reject(error);
      // Else another has taken it along, which ended its waiting.
    } finally {
      asker.signal.removeEventListener('abort', end);
      group.waiting.delete(asker);
      if (group.waiting.size === 0 && group.leaders === 0 && this.#groups.get(files) === group)
        this.#groups.delete(files);
    }
    const own = lead as Lead | null;
    if (own !== null) await Promise.all(own.left.map((one) => this.#alone(one, own.retries)));
  }

  async #alone(asker: Asker, retries: number): Promise<void> {
    try {
      await this.#onSession(asker.signal, retries, (answer) => answer([asker]));
    } catch (error) {
      asker.reject(error);
    }
  }
}

/** A share of those who wait, who wait no longer. */
async function gathered(group: Group): Promise<Asker[]> {
  if (group.waiting.size === 0) return [];
  group.leaders++;
  await wait(GATHER_MS);
  const share = Math.min(MOST_TOGETHER - 1, Math.ceil(group.waiting.size / group.leaders));
  group.leaders--;
  const taken = [...group.waiting].slice(0, share);
  for (const [asker, end] of taken) {
    group.waiting.delete(asker);
    end();
  }
  return taken.map(([asker]) => asker);
}

/** The askers of one run. */
class Lead {
  readonly askers: Askers;
  #left: readonly Asker[] = [];
  #retries = 1;

  constructor(askers: Askers) {
    this.askers = askers;
  }

  /** Those who are to be answered alone, after the common run failed. */
  get left(): readonly Asker[] {
    return this.#left.filter(({ isGone }) => !isGone);
  }

  /** How often each of them may lose a session. */
  get retries(): number {
    return this.#retries;
  }

  /** Answers one, or throws; several in any case, as far as it can be done together. `end` ends the common run. */
  async answer(answer: (askers: Askers) => Promise<void>, end: () => void): Promise<void> {
    if (this.askers.length === 1) {
      await answer(this.askers);
      return;
    }
    const leave = this.askers.map((asker) => (): void => {
      asker.reject(cancelled());
      if (this.askers.every(({ isGone }) => isGone)) end();
    });
    this.askers.forEach(({ signal }, index) => {
      if (signal.aborted) leave[index]?.();
      else signal.addEventListener('abort', leave[index] ?? end, { once: true });
    });
    try {
      await answer(this.askers);
    } catch (error) {
      this.#judge(error);
    } finally {
      this.askers.forEach(({ signal }, index) => {
        signal.removeEventListener('abort', leave[index] ?? end);
      });
    }
  }

  fail(error: unknown): void {
    for (const asker of this.askers) asker.reject(error);
  }

  #judge(error: unknown): void {
    const lost = isLivyError(error) && error.sessionLost;
    if (!lost && !(error instanceof TooMuchTogether) && !isLivyError(error, 'PROGRAM_FAILED', 'TIMEOUT')) {
      this.fail(error);
      return;
    }
    // An analysis is tried on two sessions, not more.
    this.#retries = lost ? 0 : 1;
    this.#left = this.askers;
  }
}
