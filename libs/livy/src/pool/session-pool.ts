import { randomBytes } from 'node:crypto';
import { isLivyError, LivyError, toLivyError } from '../errors.js';
import { Deadline, sleep } from '../timing.js';
import { FairQueue } from './fair-queue.js';
import { type HeldLease } from './held-lease.js';
import { LeasedSession } from './leased-session.js';
import { type LeaseStore, type PooledSession } from './lease-store.js';
import { MemoryLeaseStore } from './memory-lease-store.js';
import { PoolContext } from './pool-context.js';
import { settings, type SessionPoolOptions } from './pool-options.js';
import { SessionStarter } from './session-starter.js';
import { Upkeep } from './upkeep.js';

/** How to wait for a session. */
export interface AcquireOptions {
  /** For whom: tenants are served in turn and limited each. Default: one tenant. */
  readonly tenant?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const LOOK_EVERY_MS = 100;
const ROUND_EVERY_MS = 1000;

/**
 * Warm PySpark sessions, leased to one user at a time, over as many processes as share the store. Sessions are probed
 * before they count as warm, fenced, recycled, kept alive while leased, and deleted when in doubt.
 */
export class SessionPool {
  readonly #context: PoolContext;
  readonly #starter: SessionStarter;
  readonly #upkeep: Upkeep;
  readonly #queue = new FairQueue<HeldLease | LivyError>();
  readonly #leased = new Set<LeasedSession>();
  readonly #stopListening: (() => void) | undefined;
  readonly #timers: NodeJS.Timeout[];
  #full: ReadonlySet<string> = new Set();
  #trouble: unknown;
  #dispatching = false;
  #again = false;
  #rounding: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** @throws LivyError `UNSUPPORTED` for options that make no pool */
  constructor(options: SessionPoolOptions) {
    const store: LeaseStore = options.store ?? new MemoryLeaseStore();
    const owner = `${String(process.pid)}-${randomBytes(6).toString('hex')}`;
    this.#context = new PoolContext(options.client, store, settings(options), options.metrics ?? {}, owner);
    this.#starter = new SessionStarter(this.#context);
    this.#upkeep = new Upkeep(this.#context);
    this.#stopListening = store.onFree?.(() => this.#dispatch());
    this.#timers = [
      setInterval(() => this.#round(), ROUND_EVERY_MS),
      setInterval(() => {
        if (this.#queue.size > 0) this.#dispatch();
      }, LOOK_EVERY_MS),
    ];
    for (const timer of this.#timers) timer.unref();
    this.#round();
  }

  /** This process's name among those of the pool, as the lease log has it. */
  get owner(): string {
    return this.#context.owner;
  }

  /** Sessions of the whole pool. */
  sessions(): Promise<readonly PooledSession[]> {
    return this.#context.store.list();
  }

  /** Callers waiting in this process. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Waits for a session of one's own. Give it back with `release()`, or take `withSession`.
   * @throws LivyError `POOL_SATURATED`, `ACQUIRE_TIMEOUT` (its cause says why no session could be started), `ABORTED`, `POOL_CLOSED`
   */
  async acquire(options: AcquireOptions = {}): Promise<LeasedSession> {
    const { settings: limits, metrics } = this.#context;
    const began = performance.now();
    const reportOutcome = (outcome: 'ok' | 'timeout' | 'aborted' | 'saturated' | 'closed'): void =>
      metrics.acquired?.(performance.now() - began, outcome);
    if (this.#closing !== undefined) {
      reportOutcome('closed');
      throw new LivyError('POOL_CLOSED', 'the pool is closed');
    }
    if (this.#queue.size >= limits.maxWaiting) {
      reportOutcome('saturated');
      throw new LivyError('POOL_SATURATED', `${String(this.#queue.size)} wait for a session already`);
    }
    const timeoutMs = options.timeoutMs ?? limits.acquireTimeoutMs;
    const deadline = new Deadline(timeoutMs, options.signal, 'waiting for a session');
    try {
      const got = await new Promise<HeldLease | LivyError>((resolve) => {
        const leave = this.#queue.add(options.tenant ?? '', resolve);
        const end = (): void => {
          leave();
          resolve(this.#whyNot(toLivyError(deadline.signal.reason), timeoutMs));
        };
        if (deadline.signal.aborted) end();
        else deadline.signal.addEventListener('abort', end, { once: true });
        metrics.waiting?.(this.#queue.size);
        this.#dispatch();
      });
      if (got instanceof LivyError) throw got;
      const session = new LeasedSession(this.#context, got);
      this.#leased.add(session);
      reportOutcome('ok');
      return session;
    } catch (error) {
      if (isLivyError(error, 'ACQUIRE_TIMEOUT')) reportOutcome('timeout');
      else reportOutcome(isLivyError(error, 'ABORTED') ? 'aborted' : 'closed');
      throw error;
    } finally {
      deadline.clear();
      metrics.waiting?.(this.#queue.size);
    }
  }

  /**
   * Runs `work` on a session of its own and gives it back. If the session was lost under it (died, out of step, lease
   * lost, server gone), the work is done once more on another: so it must bear being done twice.
   * @throws what `acquire` or `work` throws
   */
  async withSession<T>(
    work: (session: LeasedSession) => Promise<T>,
    options: AcquireOptions & { retries?: number } = {},
  ): Promise<T> {
    for (let left = options.retries ?? 1; ; left--) {
      const session = await this.acquire(options);
      try {
        return await work(session);
      } catch (error) {
        if (left <= 0 || options.signal?.aborted === true || !deservesAnother(error)) throw error;
      } finally {
        await this.#giveBack(session);
      }
    }
  }

  /** Waits until `count` sessions (default: `min`) are warm. @throws LivyError `ACQUIRE_TIMEOUT`, `ABORTED` */
  async ready(options: { count?: number; signal?: AbortSignal; timeoutMs?: number } = {}): Promise<void> {
    const count = options.count ?? this.#context.settings.min;
    const timeoutMs = options.timeoutMs ?? this.#context.settings.startTimeoutMs;
    const deadline = new Deadline(timeoutMs, options.signal, 'waiting for warm sessions');
    try {
      for (;;) {
        const warm = (await this.sessions()).filter((s) => s.state === 'idle' || s.state === 'leased').length;
        if (warm >= count) return;
        await sleep(50, deadline.signal);
      }
    } catch (error) {
      throw this.#whyNot(toLivyError(error), timeoutMs);
    } finally {
      deadline.clear();
    }
  }

  /** Deletes orphans now. @returns their names @throws LivyError if the server could not be asked */
  sweep(): Promise<string[]> {
    return this.#upkeep.sweep();
  }

  /**
   * Closes the pool: nobody waits any more, starts are ended, what is leased has `drainMs` (default 10,000) to come back
   * and is then cancelled; idle sessions are deleted unless `leaveSessions`. The client stays open. May be called twice.
   */
  close(options: { drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.drainMs ?? 10_000);
    return this.#closing;
  }

  async #close(drainMs: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopListening?.();
    for (const tenant of this.#queue.tenants) {
      while (this.#queue.serve(tenant, new LivyError('POOL_CLOSED', 'the pool was closed'))) {
        // until nobody of this tenant waits
      }
    }
    this.#starter.stop();
    await this.#rounding;
    const drainBy = performance.now() + drainMs;
    this.#forgetReleased();
    while (this.#leased.size > 0 && performance.now() < drainBy) {
      await sleep(25);
      this.#forgetReleased();
    }
    await Promise.all([...this.#leased].map((session) => session.release()));
    const { store, owner, settings: limits } = this.#context;
    if (!limits.leaveSessions) {
      for (const { name } of await store.list().catch(() => [])) {
        const lease = await store.take(name, owner, limits.leaseTtlMs).catch(() => undefined);
        if (lease !== undefined) this.#context.background(this.#context.discard(this.#context.hold(lease), 'closed'));
      }
    }
    await this.#context.settle();
    await store.close();
  }

  async #giveBack(session: LeasedSession): Promise<void> {
    await session.release();
    this.#leased.delete(session);
    this.#dispatch();
  }

  #forgetReleased(): void {
    for (const session of this.#leased) if (session.released) this.#leased.delete(session);
  }

  #whyNot(end: LivyError, timeoutMs: number): LivyError {
    if (end.code !== 'TIMEOUT') return end;
    const cause = this.#starter.lastError ?? (this.#trouble === undefined ? undefined : toLivyError(this.#trouble));
    const why = cause === undefined ? '' : `; last trouble: ${cause.message}`;
    return new LivyError('ACQUIRE_TIMEOUT', `no session became free within ${String(timeoutMs)} ms${why}`, {}, cause);
  }

  #round(): void {
    if (this.#rounding !== undefined) return;
    // A round that fails (store or server not reachable) is made good by the next.
    this.#rounding = this.#upkeep
      .round()
      .catch(() => undefined)
      .finally(() => {
        this.#rounding = undefined;
        this.#forgetReleased();
        if (this.#closing === undefined) this.#dispatch();
      });
  }

  /** Hands out what is idle and starts what is missing; one run at a time, once more if called meanwhile. */
  #dispatch(): void {
    if (this.#closing !== undefined) return;
    this.#again = true;
    if (this.#dispatching) return;
    this.#dispatching = true;
    const run = async (): Promise<void> => {
      while (this.#again) {
        this.#again = false;
        await this.#handOut();
        await this.#grow();
      }
      this.#trouble = undefined;
    };
    run()
      // The store or the server is not reachable: the next look tries again, and a waiter learns of it at its end.
      .catch((error: unknown) => (this.#trouble = error))
      .finally(() => (this.#dispatching = false));
  }

  async #handOut(): Promise<void> {
    const { store, settings: limits, owner } = this.#context;
    const full = new Set<string>();
    for (;;) {
      const tenant = this.#queue.tenants.find((waiting) => !full.has(waiting));
      if (tenant === undefined) break;
      const lease = await store.lease(owner, tenant, { perTenant: limits.perTenant }, limits.leaseTtlMs);
      if (lease === undefined) break;
      if (lease === 'full') {
        full.add(tenant);
        continue;
      }
      const held = this.#context.hold(lease);
      let reason;
      try {
        reason = await this.#upkeep.unfit(lease.session);
      } catch (error) {
        await held.release({});
        throw error;
      }
      if (reason !== undefined) {
        if (reason === 'vanished') this.#context.metrics.vanished?.(lease.session.name, lease.session.appId);
        this.#context.background(this.#context.discard(held, reason));
      } else if (this.#queue.serve(tenant, held)) held.keepAlive();
      else await held.release({});
    }
    this.#full = full;
  }

  async #grow(): Promise<void> {
    const { store, settings: limits } = this.#context;
    for (;;) {
      const waiting = this.#queue.sizeWithout(this.#full);
      const sessions = await store.list();
      const coming = sessions.filter((s) => ['idle', 'creating', 'warming'].includes(s.state)).length;
      const limit = waiting > coming ? limits.max : limits.min;
      if (sessions.length >= limit) return;
      if (!(await this.#starter.tryStart(limit, () => this.#dispatch()))) return;
    }
  }
}

/** Whether the work may be tried on another session: what it ran on was lost, and not because of the caller. */
function deservesAnother(error: unknown): boolean {
  if (!isLivyError(error) || error.code === 'CANCELLED' || error.code === 'TIMEOUT') return false;
  return error.sessionLost || error.code === 'NETWORK';
}
