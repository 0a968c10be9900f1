import { isSessionOver, isStatementFinal } from '../api.js';
import { isLivyError, LivyError, toLivyError } from '../errors.js';
import { LivySession } from '../livy-session.js';
import { sleep } from '../timing.js';
import { type HeldLease } from './held-lease.js';
import { identityOf, reasonOf } from './leased-session.js';
import { type PooledSession, type PooledState } from './lease-store.js';
import { type RecycleReason } from './metrics.js';
import { type PoolContext } from './pool-context.js';

/** A server may still say `busy` for a moment after the last statement was `available`. */
const BUSY_MS = 2_000;

/** Looks after sessions that nobody holds: leases that ran out, idle sessions that died or aged, orphans on the server. */
export class Upkeep {
  readonly #context: PoolContext;

  constructor(context: PoolContext) {
    this.#context = context;
  }

  /** One round; each chore is done by one process as often as it is due. */
  async round(): Promise<void> {
    const { store, settings, metrics } = this.#context;
    await this.reclaim();
    const sessions = await store.list();
    const byState: Partial<Record<PooledState, number>> = {};
    for (const { state } of sessions) byState[state] = (byState[state] ?? 0) + 1;
    metrics.sessions?.(byState);
    for (const session of sessions) {
      if (session.state === 'idle' && (await store.claim(`check:${session.name}`, settings.checkEveryMs))) {
        await this.#check(session);
      }
    }
    if (await store.claim('janitor', settings.janitorEveryMs)) await this.sweep();
  }

  /** Takes over what a process left behind that is gone or was cut off. */
  async reclaim(): Promise<void> {
    const { store, owner, settings } = this.#context;
    for (;;) {
      const lease = await store.reclaim(owner, settings.leaseTtlMs);
      if (lease === undefined) return;
      this.#context.background(this.#recover(this.#context.hold(lease)));
    }
  }

  /**
   * Deletes sessions on the server that carry the pool's prefix and are in nobody's books. A session is entered before it
   * is asked for, so what is on the server and then not in the books is an orphan, never one that is just being made.
   * @returns the names of those deleted
   */
  async sweep(): Promise<string[]> {
    const { client, store, settings, metrics } = this.#context;
    const onServer = await client.allSessions();
    const known = new Set((await store.list()).map((session) => session.name));
    const orphans = onServer
      .map((session) => session.name ?? '')
      .filter((name) => isOurs(name, settings.prefix) && !known.has(name));
    for (const name of orphans) {
      metrics.orphan?.(name);
      this.#context.background(client.deleteSession(name).then(() => undefined));
    }
    return orphans;
  }

  async #recover(held: HeldLease): Promise<void> {
    const { client, settings } = this.#context;
    const { state, errors, statements } = held.lease.session;
    if (state !== 'leased' && state !== 'verifying') {
      await this.#context.discard(held, state === 'creating' || state === 'warming' ? 'start-failed' : 'lease-lost');
      return;
    }
    try {
      await held.update({ state: 'verifying' });
      // The last holder's statements would go on for nobody.
      for (const statement of await client.listStatements(held.name)) {
        if (!isStatementFinal(statement.state)) await client.cancelStatement(held.name, statement.id);
      }
      const session = new LivySession(client, identityOf(held.lease.session), held.lease.token);
      await session.probe(settings.probeMs);
      await held.release({ errors: errors + 1, statements: statements + 1 });
    } catch (error) {
      await this.#context.discard(held, reasonOf(toLivyError(error)));
    }
  }

  /** Sees whether an idle session still lives; asking also counts as its heartbeat. */
  async #check(session: PooledSession): Promise<void> {
    if ((await this.unfit(session)) === undefined) return;
    const { store, owner, settings, metrics } = this.#context;
    const lease = await store.take(session.name, owner, settings.leaseTtlMs);
    if (lease === undefined) return;
    const held = this.#context.hold(lease);
    // It may have been leased and busy a moment ago: what counts is how it is now that nobody else has it.
    const reason = await this.unfit(lease.session).catch(async (error: unknown) => {
      await held.release({});
      throw error;
    });
    if (reason === undefined) {
      await held.release({});
      return;
    }
    if (reason === 'vanished') metrics.vanished?.(session.name, session.appId);
    this.#context.background(this.#context.discard(held, reason));
  }

  /**
   * Why an idle session must not be leased; undefined if it may.
   * @throws LivyError if the server could not be asked
   */
  async unfit(session: PooledSession): Promise<RecycleReason | undefined> {
    const { client, settings } = this.#context;
    if (Date.now() - session.createdAt >= settings.maxAgeMs) return 'age';
    try {
      const busyUntil = performance.now() + BUSY_MS;
      for (;;) {
        // By number: should it be another's by now, the name tells.
        const found = await client.getSession(session.id ?? session.name, { timeoutMs: 5_000 });
        if (found.name !== session.name) return 'vanished';
        if (isSessionOver(found.state)) return 'dead';
        if (found.state === 'idle') return undefined;
        if (performance.now() >= busyUntil) return 'stuck';
        await sleep(20);
      }
    } catch (error) {
      if (isLivyError(error, 'SESSION_NOT_FOUND')) return 'vanished';
      if (isLivyError(error, 'SESSION_DEAD')) return 'dead';
      throw error instanceof LivyError ? error : toLivyError(error);
    }
  }
}

/** Whether the pool gave this name: prefix, time, 12 hex digits. A pool whose prefix begins with ours is left alone. */
export function isOurs(name: string, prefix: string): boolean {
  return name.startsWith(`${prefix}-`) && /^[0-9a-z]{7,10}-[0-9a-f]{12}$/.test(name.slice(prefix.length + 1));
}
