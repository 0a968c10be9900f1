import { randomBytes } from 'node:crypto';
import { isSessionOver, type CallOptions, type CreateSessionOptions, type SessionInfo } from './api.js';
import { bootstrapCode } from './bootstrap.js';
import { isLivyError, LivyError, toLivyError } from './errors.js';
import { readEnvelope } from './envelope.js';
import { type LivyClient } from './livy-client.js';
import { probe, runStatement, type RunOptions, type RunResult } from './run-statement.js';
import { Deadline, sleep } from './timing.js';
import { waitForStatement } from './wait-for-statement.js';

/** What makes a session that session: its number alone does not, numbers start at 0 again with the server. */
export interface SessionIdentity {
  readonly name: string;
  readonly id: number;
  readonly appId: string | null;
  /** The nonce that our warm-up left in its Python. */
  readonly boot: string;
}

/** How long starting took, in ms. */
export interface StartTiming {
  /** From the POST to `idle`. */
  readonly createMs: number;
  /** From `idle` to the warm-up's nonce. */
  readonly warmMs: number;
}

/** Called at each step of a start. */
export interface StartSteps {
  readonly onWarming?: (session: SessionInfo) => void;
}

/** A started and warmed session for one user at a time. For several users or processes take the pool. */
export class LivySession {
  readonly client: LivyClient;
  readonly identity: SessionIdentity;
  readonly fence: number;

  constructor(client: LivyClient, identity: SessionIdentity, fence = 0) {
    this.client = client;
    this.identity = identity;
    this.fence = fence;
  }

  /**
   * Starts a session and warms it: it has answered a PySpark probe when this resolves. If anything fails, or on abort, it is deleted.
   * @throws LivyError `SESSION_START_FAILED`, `TOO_MANY_CREATING`, `DUPLICATE_NAME`, `TIMEOUT`, `ABORTED`
   */
  static async start(
    client: LivyClient,
    options: CreateSessionOptions,
    call: CallOptions & StartSteps = {},
  ): Promise<{ session: LivySession; timing: StartTiming }> {
    const deadline = new Deadline(call.timeoutMs ?? 180_000, call.signal, `the start of session ${options.name}`);
    const within = { signal: deadline.signal };
    const began = performance.now();
    try {
      const created = await client.createSession(options, within);
      try {
        const idle = await untilIdle(client, created, deadline);
        const createMs = performance.now() - began;
        call.onWarming?.(idle);
        const boot = await warm(client, options.name, deadline);
        // The application id may be known only now.
        const { id, appId } = await client.getSession(options.name, within);
        const identity = { name: options.name, id, appId, boot };
        const timing = { createMs, warmMs: performance.now() - began - createMs };
        return { session: new LivySession(client, identity), timing };
      } catch (error) {
        client.deleteSession(options.name).catch(() => undefined);
        throw error;
      }
    } catch (error) {
      // A creation that was cut short may still arrive.
      if (deadline.signal.aborted) client.deleteSession(options.name).catch(() => undefined);
      throw toLivyError(error);
    } finally {
      deadline.clear();
    }
  }

  /** Runs a Python program here: see {@link runStatement}. */
  run(program: string, params: unknown = null, options: RunOptions = {}): Promise<RunResult> {
    return runStatement(this.target, program, params, options);
  }

  /** Asks for a sign of life. @throws LivyError if there is none within `timeoutMs` */
  probe(timeoutMs = 5_000): Promise<void> {
    return probe(this.target, timeoutMs);
  }

  /** Starts the session's idle timeout again; due at a third of it, also while a statement runs. */
  keepAlive(call: CallOptions = {}): Promise<void> {
    return this.client.connectSession(this.identity.name, call);
  }

  /** Ends the session and its driver. */
  async close(call: CallOptions = {}): Promise<void> {
    await this.client.deleteSession(this.identity.name, call);
  }

  get target(): { client: LivyClient; name: string; boot: string; fence: number } {
    return { client: this.client, name: this.identity.name, boot: this.identity.boot, fence: this.fence };
  }
}

async function untilIdle(client: LivyClient, created: SessionInfo, deadline: Deadline): Promise<SessionInfo> {
  let session = created;
  const name = created.name ?? created.id;
  for (let delay = 50; ; delay = Math.min(500, delay * 1.3)) {
    if (session.state === 'idle') return session;
    if (isSessionOver(session.state)) {
      const log = session.log.slice(-10);
      throw new LivyError('SESSION_START_FAILED', `session ${String(name)} ended as ${session.state} at its start`, {
        log,
      });
    }
    await sleep(delay, deadline.signal);
    try {
      session = await client.getSession(name, { signal: deadline.signal });
    } catch (error) {
      if (!isLivyError(error, 'SESSION_NOT_FOUND')) throw error;
      throw new LivyError('SESSION_START_FAILED', `session ${String(name)} vanished at its start`, {}, error);
    }
  }
}

async function warm(client: LivyClient, name: string, deadline: Deadline): Promise<string> {
  const call = { signal: deadline.signal };
  const { needsJavaImports } = await client.version(call);
  const boot = randomBytes(12).toString('hex');
  const code = bootstrapCode(boot, needsJavaImports);
  try {
    // May be sent again: installing the runner twice with the same nonce leaves the same session.
    const first = await client.submitStatement(name, { code, nonce: boot, resend: true }, call);
    const { statement } = await waitForStatement(client, name, first, call);
    const { result } = readEnvelope(statement, boot, boot);
    if (result !== 5)
      throw new LivyError('SESSION_START_FAILED', `the warm-up of ${name} counted ${String(result)}, not 5`);
    return boot;
  } catch (error) {
    if (isLivyError(error, 'TIMEOUT', 'ABORTED', 'NETWORK', 'SESSION_START_FAILED')) throw error;
    const why = toLivyError(error);
    throw new LivyError('SESSION_START_FAILED', `the warm-up of ${name} failed: ${why.message}`, why.details, error);
  }
}
