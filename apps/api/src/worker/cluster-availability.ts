import { AppError } from '@analytica/domain';
import type { PoolMetrics } from '@analytica/livy';

/** So many starts in a row have to fail before the cluster counts as unavailable. */
const FAILURES = 2;
const ALIVE = ['creating', 'warming', 'idle', 'leased', 'verifying'] as const;

/**
 * Whether the cluster can give sessions at all. Waiting for one is right while the cluster is busy or starts one. Where every start
 * fails and no session is left, all work that waits fails at once.
 */
export class ClusterAvailability {
  #failures = 0;
  #reason: Error | null = null;
  readonly #waiting = new Set<AbortController>();

  /** Listens to what the pool reports, and passes it on to `metrics`. */
  listen(metrics: PoolMetrics): PoolMetrics {
    return {
      ...metrics,
      started: (timing) => {
        this.#failures = 0;
        metrics.started?.(timing);
      },
      startFailed: (error) => {
        this.#failures++;
        this.#reason = error;
        metrics.startFailed?.(error);
      },
      sessions: (byState) => {
        metrics.sessions?.(byState);
        const alive = ALIVE.some((state) => (byState[state] ?? 0) > 0);
        if (alive || this.#failures < FAILURES) return;
        for (const away of this.#waiting) away.abort(this.#reason);
      },
    };
  }

  /** @throws AppError `ENGINE_FAILED`, retryable, once the cluster is unavailable; else what `work` throws. */
  async guard<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const away = new AbortController();
    this.#waiting.add(away);
    try {
      return await work(AbortSignal.any([signal, away.signal]));
    } catch (error) {
      if (!away.signal.aborted || signal.aborted) throw error;
      throw new AppError(
        'ENGINE_FAILED',
        'The cluster cannot be reached: no Spark session could be started. Try again in a moment, or ask the embedded engine.',
        { retryable: true, cause: away.signal.reason },
      );
    } finally {
      this.#waiting.delete(away);
    }
  }
}
