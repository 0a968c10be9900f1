import { isLivyError, LivyError, toLivyError } from '../errors.js';
import { LivySession, type SessionIdentity } from '../livy-session.js';
import { type RunOptions, type RunResult } from '../run-statement.js';
import { type HeldLease } from './held-lease.js';
import { type PooledSession } from './lease-store.js';
import { type RecycleReason } from './metrics.js';
import { type PoolContext } from './pool-context.js';

/** The identity of an entry that was warmed. @throws LivyError `SESSION_DEAD` if it was not */
export function identityOf(session: PooledSession): SessionIdentity {
  const { name, id, appId, boot } = session;
  if (id === null || boot === null) throw new LivyError('SESSION_DEAD', `session ${name} was never warmed`);
  return { name, id, appId, boot };
}

/** A session of the pool that is yours alone until `release()`. */
export class LeasedSession {
  readonly identity: SessionIdentity;
  /** Fencing token of the lease. */
  readonly token: number;
  /** Aborted when the lease is lost: another process may then use the session. */
  readonly signal: AbortSignal;
  readonly #context: PoolContext;
  readonly #held: HeldLease;
  readonly #session: LivySession;
  readonly #released = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #statements = 0;
  #errors: number;
  #broken: RecycleReason | undefined;
  #doubtful = false;
  #releasing: Promise<void> | undefined;

  /** @internal */
  constructor(context: PoolContext, held: HeldLease) {
    this.identity = identityOf(held.lease.session);
    this.token = held.lease.token;
    this.signal = held.signal;
    this.#context = context;
    this.#held = held;
    this.#session = new LivySession(context.client, this.identity, this.token);
    this.#errors = held.lease.session.errors;
  }

  /**
   * Runs a program: see `runStatement`.
   * @throws LivyError as `runStatement` does, and `LEASE_LOST`
   */
  async run(program: string, params: unknown = null, options: RunOptions = {}): Promise<RunResult> {
    if (this.#releasing !== undefined) throw new LivyError('LEASE_LOST', 'the session was given back');
    const signals = [this.signal, this.#released.signal, ...(options.signal ? [options.signal] : [])];
    const running = this.#session.run(program, params, {
      probeMs: this.#context.settings.probeMs,
      ...options,
      signal: AbortSignal.any(signals),
    });
    this.#running.add(running);
    this.#statements++;
    try {
      const result = await running;
      this.#errors = 0;
      this.#doubtful = false;
      this.#context.metrics.ran?.(result.timing);
      return result;
    } catch (thrown) {
      if (this.#held.lost) throw this.signal.reason as Error;
      const error = toLivyError(thrown);
      this.#errors++;
      this.#judge(error);
      throw error;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Whether `release` was called. */
  get released(): boolean {
    return this.#releasing !== undefined;
  }

  /** Says that the session should not be used again, whatever the library thinks of it. */
  retire(): void {
    this.#broken ??= 'errors';
  }

  /**
   * Gives the session back; what still runs is cancelled. Resolves when the lease is given up; deleting goes on beside.
   * Never rejects, and may be called twice.
   */
  release(): Promise<void> {
    this.#releasing ??= this.#release();
    return this.#releasing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async #release(): Promise<void> {
    this.#released.abort(new LivyError('ABORTED', 'the session was given back'));
    await Promise.allSettled(this.#running);
    if (this.#held.lost) {
      this.#held.stop();
      return;
    }
    const { session } = this.#held.lease;
    const { maxStatements, maxAgeMs, maxErrors } = this.#context.settings;
    const statements = session.statements + this.#statements;
    if (this.#broken === undefined && this.#errors >= maxErrors) this.#broken = 'errors';
    if (this.#broken === undefined && statements >= maxStatements) this.#broken = 'statements';
    if (this.#broken === undefined && Date.now() - session.createdAt >= maxAgeMs) this.#broken = 'age';
    try {
      if (this.#broken === undefined && this.#doubtful) await this.#verify();
      if (this.#broken === undefined) await this.#held.release({ statements, errors: this.#errors });
      else this.#context.background(this.#context.discard(this.#held, this.#broken));
    } catch {
      // The lease was lost, or the store is out of reach: it runs out and is reclaimed.
      this.#held.stop();
    }
  }

  async #verify(): Promise<void> {
    await this.#held.update({ state: 'verifying' });
    try {
      await this.#session.probe(this.#context.settings.probeMs);
    } catch (error) {
      this.#judge(toLivyError(error));
      this.#broken ??= 'stuck';
    }
  }

  #judge(error: LivyError): void {
    if (isLivyError(error, 'NONCE_MISMATCH')) this.#context.metrics.nonceMismatch?.(this.identity);
    if (isLivyError(error, 'SESSION_NOT_FOUND', 'WRONG_SESSION')) {
      this.#context.metrics.vanished?.(this.identity.name, this.identity.appId);
    }
    if (error.sessionLost) this.#broken = reasonOf(error);
    else if (!isLivyError(error, 'PROGRAM_FAILED', 'RESULT_TOO_LARGE', 'RESULT_NOT_JSON')) this.#doubtful = true;
  }
}

/** Why a session is given up after `error`. */
export function reasonOf(error: LivyError): RecycleReason {
  switch (error.code) {
    case 'NONCE_MISMATCH':
      return 'nonce';
    case 'SESSION_NOT_FOUND':
    case 'WRONG_SESSION':
      return 'vanished';
    case 'FENCED':
    case 'LEASE_LOST':
      return 'lease-lost';
    case 'SESSION_DEAD':
    case 'INTERPRETER_DIED':
    case 'STATEMENT_NOT_FOUND':
      return 'dead';
    default:
      return 'stuck';
  }
}
