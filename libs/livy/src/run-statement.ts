import { randomBytes } from 'node:crypto';
import { isStatementFinal, type StatementInfo } from './api.js';
import { statementCode } from './bootstrap.js';
import { readEnvelope, type Answer } from './envelope.js';
import { isLivyError, LivyError, toLivyError } from './errors.js';
import { type LivyClient } from './livy-client.js';
import { Deadline, sleep } from './timing.js';
import { waitForStatement, type WaitOptions } from './wait-for-statement.js';

/** A session that was warmed, as a statement needs it. */
export interface RunTarget {
  readonly client: LivyClient;
  /** The session's unique name. */
  readonly name: string;
  /** The nonce that the warm-up left in it. */
  readonly boot: string;
  /** Fencing token of the lease; the session refuses lower ones than it has seen. */
  readonly fence: number;
}

/** How to run a program. */
export interface RunOptions extends WaitOptions {
  /** Deadline of the run, in ms; it is then cancelled. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** Largest result that travels inline, in bytes of JSON. Default and at most 1 MiB is wise: far larger ones hang the server. */
  readonly inlineLimitBytes?: number;
  /** Where a larger result goes: a Hadoop path that the driver may write, such as `s3a://bucket/results/1.json`. */
  readonly spill?: string;
  /** How long a cancelled statement may take to end, in ms, before the session is probed. Default 1,500. */
  readonly cancelSettleMs?: number;
  /** How long the probe after a cancel may take, in ms, before the session is deleted. Default 3,000. */
  readonly probeMs?: number;
}

/** Where the time of a run went, in ms. */
export interface RunTiming {
  /** The POST. */
  readonly submitMs: number;
  /** From start to completion as the server says it (its clock, whole ms). */
  readonly runMs: number;
  /** From the first call to the answer in hand. */
  readonly totalMs: number;
  readonly polls: number;
}

/** A program's answer and how it came. */
export interface RunResult extends Answer {
  readonly statementId: number;
  readonly timing: RunTiming;
}

const DEFAULT_TIMEOUT_MS = 600_000;
export const DEFAULT_INLINE_LIMIT = 1024 * 1024;

/**
 * Runs a Python program in a warmed session. It finds `spark`, `sc` and `params`, and leaves its answer in `result`, which
 * travels as JSON. The answer is known to be this program's: it carries the nonce of its statement.
 *
 * On abort or deadline the statement is cancelled; if it does not end, the session is probed, and deleted if the probe
 * does not return. The error then has `sessionLost`.
 * @throws LivyError `PROGRAM_FAILED`, `RESULT_TOO_LARGE`, `RESULT_NOT_JSON`, `CANCELLED`, `TIMEOUT`, and what says that the session is lost
 */
export async function runStatement(
  target: RunTarget,
  program: string,
  params: unknown = null,
  options: RunOptions = {},
): Promise<RunResult> {
  const { client, name, boot, fence } = target;
  const nonce = randomBytes(12).toString('hex');
  const code = statementCode(nonce, boot, fence, {
    program,
    params,
    limit: options.inlineLimitBytes ?? DEFAULT_INLINE_LIMIT,
    ...(options.spill === undefined ? {} : { spill: options.spill }),
  });
  const deadline = new Deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal, 'the statement');
  const began = performance.now();
  try {
    if (deadline.signal.aborted) throw ended(deadline, false);
    // Not under the caller's signal: a statement whose id is unknown could not be cancelled. The call has its own deadline.
    const submitted = await client.submitStatement(name, { code, nonce, resend: true });
    const submitMs = performance.now() - began;
    const waiting = { signal: deadline.signal, ...(options.onProgress ? { onProgress: options.onProgress } : {}) };
    const finish = async (first: StatementInfo): Promise<RunResult> => {
      const { statement, polls } = await waitForStatement(client, name, first, waiting).catch(
        async (error: unknown) => {
          if (!deadline.signal.aborted) throw error;
          // The session is another's by now: cancelling and probing are its business.
          const why = toLivyError(deadline.signal.reason).cause;
          if (isLivyError(why, 'LEASE_LOST')) throw why;
          throw ended(deadline, !(await cancelStatement(target, first.id, options)));
        },
      );
      const answer = readEnvelope(statement, nonce, boot);
      const runMs = Math.max(0, statement.completed - statement.started);
      const timing = { submitMs, runMs, totalMs: performance.now() - began, polls };
      return { ...answer, statementId: statement.id, timing };
    };
    try {
      return await finish(submitted);
    } catch (error) {
      if (!isLivyError(error, 'STATEMENT_REPEATED')) throw error;
      // A first sending that was thought lost arrived after all: that one has the answer.
      const all = await client.listStatements(name);
      const other = all.find((statement) => statement.id !== submitted.id && statement.code.includes(nonce));
      if (other === undefined) throw error;
      return await finish(other);
    }
  } catch (error) {
    throw toLivyError(error);
  } finally {
    deadline.clear();
  }
}

function ended(deadline: Deadline, sessionGivenUp: boolean): LivyError {
  const reason = toLivyError(deadline.signal.reason);
  const code = reason.code === 'TIMEOUT' ? 'TIMEOUT' : 'CANCELLED';
  const fate = sessionGivenUp ? '; it did not end, so its session was deleted' : '';
  return new LivyError(code, `${reason.message}${fate}`, { sessionGivenUp }, reason.cause);
}

/**
 * Cancels a statement. The server says yes to anything, so: wait for its end, then probe the session, and delete the
 * session if the probe does not come back. Deleting a busy session takes the server 10 s and is not waited for.
 * @returns whether the session can be used further
 */
export async function cancelStatement(
  target: RunTarget,
  statementId: number,
  options: Pick<RunOptions, 'cancelSettleMs' | 'probeMs'> = {},
): Promise<boolean> {
  const { client, name } = target;
  try {
    await client.cancelStatement(name, statementId, { timeoutMs: 5_000 });
    const settleBy = performance.now() + (options.cancelSettleMs ?? 1_500);
    while (performance.now() < settleBy) {
      const statement = await client.getStatement(name, statementId, { timeoutMs: 5_000 });
      if (isStatementFinal(statement.state)) break;
      await sleep(25);
    }
    await probe(target, options.probeMs ?? 3_000);
    return true;
  } catch (error) {
    if (isLivyError(error, 'FENCED', 'WRONG_SESSION', 'SESSION_NOT_FOUND')) return false;
    // Whatever it was, nobody knows what the session is doing now.
    client.deleteSession(name).catch(() => undefined);
    return false;
  }
}

/**
 * Asks a warmed session for a sign of life: its Python answers with our nonce and its Spark context runs.
 * @throws LivyError if not within `timeoutMs`; the session must then be given up
 */
export async function probe(target: RunTarget, timeoutMs: number): Promise<void> {
  const { client, name, boot, fence } = target;
  const nonce = randomBytes(12).toString('hex');
  const program = 'result = bool(sc._jsc.sc().isStopped())';
  const code = statementCode(nonce, boot, fence, { program, params: null, limit: 1024 });
  const deadline = new Deadline(timeoutMs, undefined, 'the probe');
  try {
    const call = { signal: deadline.signal };
    const first = await client.submitStatement(name, { code, nonce, resend: true }, call);
    const { statement } = await waitForStatement(client, name, first, call);
    const { result } = readEnvelope(statement, nonce, boot);
    if (result !== false) throw new LivyError('SESSION_DEAD', 'the Spark context of the session was stopped');
  } finally {
    deadline.clear();
  }
}
