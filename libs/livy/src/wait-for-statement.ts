import { isStatementFinal, type StatementInfo } from './api.js';
import { isLivyError } from './errors.js';
import { type LivyClient, type SessionRef } from './livy-client.js';
import { pollDelay, sleep } from './timing.js';

/** How long the server may be out of reach before a statement is given up, in ms. */
const UNREACHABLE_MS = 10_000;

/** How long an `available` statement may be without output: the server reads it while the driver writes it. */
const TORN_MS = 2_000;

/** What to do while waiting. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Called with Livy's progress, 0 to 1, whenever it grew. */
  readonly onProgress?: (progress: number) => void;
}

/** A finished statement and what waiting for it cost. */
export interface Waited {
  readonly statement: StatementInfo;
  /** How many times it was asked for. */
  readonly polls: number;
}

/**
 * Polls one statement until it changes no more: at once, every 4 to 10 ms for the first 100 ms, then ever more slowly, at most
 * once a second. A server out of reach is asked again for 10 s.
 * @throws LivyError what the server says; the signal's reason when aborted (the statement runs on)
 */
export async function waitForStatement(
  client: LivyClient,
  session: SessionRef,
  first: StatementInfo,
  options: WaitOptions = {},
): Promise<Waited> {
  const started = performance.now();
  let statement = first;
  let polls = 0;
  let progress = 0;
  let unreachableSince: number | undefined;
  let tornSince: number | undefined;
  for (;;) {
    if (isStatementFinal(statement.state)) {
      if (statement.state !== 'available' || statement.output !== null) break;
      tornSince ??= performance.now();
      if (performance.now() - tornSince > TORN_MS) break;
    }
    if (polls > 0) await sleep(pollDelay(performance.now() - started), options.signal);
    polls++;
    try {
      statement = await client.getStatement(session, first.id, options.signal ? { signal: options.signal } : {});
      unreachableSince = undefined;
    } catch (error) {
      if (!isLivyError(error, 'NETWORK')) throw error;
      unreachableSince ??= performance.now();
      if (performance.now() - unreachableSince > UNREACHABLE_MS) throw error;
    }
    if (statement.progress > progress) {
      progress = statement.progress;
      options.onProgress?.(Math.min(1, progress));
    }
  }
  return { statement, polls };
}
