import { randomBytes } from 'node:crypto';
import { LivyError, toLivyError } from '../errors.js';
import { LivySession } from '../livy-session.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { type PoolContext } from './pool-context.js';

/** Starts sessions for the pool, a few at a time, and less and less often while that fails. */
export class SessionStarter {
  readonly #context: PoolContext;
  readonly #breaker: CircuitBreaker;
  readonly #stop = new AbortController();
  #starting = 0;
  #lastError: LivyError | undefined;

  constructor(context: PoolContext) {
    this.#context = context;
    this.#breaker = new CircuitBreaker({ maxMs: context.settings.breakerMaxMs });
  }

  /** Why the last start failed, while starts fail. */
  get lastError(): LivyError | undefined {
    return this.#lastError;
  }

  /** Ends the starts under way. */
  stop(): void {
    this.#stop.abort(new LivyError('POOL_CLOSED', 'the pool was closed'));
  }

  /**
   * Begins a start if there may be one: places left under `limit`, the breaker closed, not too many under way here.
   * @returns whether one was begun; `done` is called at its end
   */
  async tryStart(limit: number, done: () => void): Promise<boolean> {
    const { store, settings, owner } = this.#context;
    if (this.#stop.signal.aborted || this.#starting >= settings.maxStarting || !this.#breaker.allows()) return false;
    this.#starting++;
    this.#breaker.begin();
    let begun = false;
    try {
      const name = `${settings.prefix}-${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;
      const lease = await store.reserve(name, owner, limit, settings.leaseTtlMs);
      if (lease !== undefined) {
        begun = true;
        this.#context.background(
          this.#start(this.#context.hold(lease), name).finally(() => {
            this.#starting--;
            done();
          }),
        );
      }
    } finally {
      if (!begun) {
        this.#starting--;
        this.#breaker.abandon();
      }
    }
    return begun;
  }

  async #start(held: ReturnType<PoolContext['hold']>, name: string): Promise<void> {
    const { client, settings, metrics } = this.#context;
    try {
      const { session, timing } = await LivySession.start(
        client,
        { ...settings.session, name },
        {
          signal: AbortSignal.any([held.signal, this.#stop.signal]),
          timeoutMs: settings.startTimeoutMs,
          onWarming: () => void held.update({ state: 'warming' }).catch(() => undefined),
        },
      );
      const { id, appId, boot } = session.identity;
      this.#breaker.succeed();
      this.#lastError = undefined;
      metrics.breaker?.(0);
      metrics.started?.(timing);
      await held.release({ id, appId, boot });
    } catch (thrown) {
      const error = toLivyError(thrown);
      if (this.#stop.signal.aborted) this.#breaker.abandon();
      else {
        this.#lastError = error;
        metrics.startFailed?.(error);
        metrics.breaker?.(this.#breaker.fail());
      }
      await this.#context.discard(held, 'start-failed');
    }
  }
}
