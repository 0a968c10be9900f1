import { AppError } from '@analytica/domain';
import type { Channels } from '../redis/channels.js';
import { isTerminal, type RunEvent } from './run-records.js';
import { cancelledState } from './run-fields.js';
import type { RunStore } from './run-store.js';

/** How often streams are looked at without a message: pub/sub may lose one. */
const SAFETY_POLL_MS = 2_000;
/** How long Redis may be away before subscriptions end with an error. */
const PATIENCE_MS = 2_500;
const FETCH_COUNT = 1_000;

/** What a process knows of one run's stream while it has subscribers for it. */
interface Watched {
  readonly runId: string;
  readonly events: RunEvent[];
  readonly wake: Set<() => void>;
  failure: AppError | null;
  failingSince: number | null;
  fetching: boolean;
  again: boolean;
  /** How many fetches have succeeded. A subscriber knows the stream's end only from a fetch that began after it subscribed. */
  fetches: number;
  /** Grows when the stream starts again, because Redis lost its newest part. */
  epoch: number;
}

/**
 * Follows the streams of all runs that this process has subscribers for, over one connection. A message says which run has a new
 * event, one XRANGE fetches what is new, and every subscriber reads on from its own place. So nothing is lost or repeated,
 * whatever pub/sub does, and a slow subscriber costs no memory.
 */
export class RunEvents {
  readonly #store: RunStore;

  readonly #watched = new Map<string, Watched>();
  readonly #stopListening: () => void;
  readonly #stopReconnect: () => void;
  readonly #poll: NodeJS.Timeout;
  readonly #ends = new Set<() => void>();

  constructor(store: RunStore, channels: Channels) {
    this.#store = store;

    this.#stopListening = channels.listen(store.keys.runChannel, (runId) => {
      const watched = this.#watched.get(runId);
      if (watched !== undefined) this.#fetch(watched);
    });
    const all = (): void => {
      for (const watched of this.#watched.values()) this.#fetch(watched);
    };
    this.#stopReconnect = channels.onReconnect(all);
    this.#poll = setInterval(all, SAFETY_POLL_MS);
    this.#poll.unref();
  }

  /** How many subscribers are being served. */
  get subscribers(): number {
    return this.#ends.size;
  }

  /** How many runs are being followed. */
  get runs(): number {
    return this.#watched.size;
  }

  /**
   * Every event of a run after `afterSeq`, once and in order; ends after the last one, or after the event that says that
   * `analysisId` was cancelled. `return()` takes effect at once, also while a `next()` waits.
   */
  subscribe(runId: string, analysisId: string, afterSeq: number): AsyncIterableIterator<RunEvent> {
    const watched = this.#watch(runId);
    let seq = afterSeq;
    let epoch = watched.epoch;
    const known = watched.fetches + (watched.fetching ? 2 : 1);
    let over = false;
    let wakeUp: () => void = () => undefined;
    const wake = (): void => {
      wakeUp();
    };
    watched.wake.add(wake);
    const end = (): void => {
      if (over) return;
      over = true;
      this.#ends.delete(end);
      watched.wake.delete(wake);
      if (watched.wake.size === 0 && this.#watched.get(runId) === watched) this.#watched.delete(runId);
      wakeUp();
    };
    this.#ends.add(end);
    this.#fetch(watched);
    const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
    return {
      async next() {
        for (;;) {
          if (over) return done;
          const tail = watched.events.at(-1);
          // Redis lost what this subscriber has seen: it receives the run's events from the first.
          if (watched.epoch !== epoch || (watched.fetches >= known && seq > (tail?.seq ?? 0))) seq = 0;
          epoch = watched.epoch;
          const event = after(watched.events, seq);
          if (event !== undefined) {
            seq = event.seq;
            const last = event.detached === analysisId || isTerminal(event.state.status);
            if (last) end();
            const value =
              event.detached === analysisId ? { ...event, state: cancelledState(event.state, Date.now()) } : event;
            return { done: false, value };
          }
          if (tail !== undefined && isTerminal(tail.state.status)) {
            end(); // resumed after the last event
            return done;
          }
          if (watched.failure !== null) {
            const { failure } = watched;
            end();
            throw failure;
          }
          await new Promise<void>((resolve) => {
            wakeUp = resolve;
          });
        }
      },
      return() {
        end();
        return Promise.resolve(done);
      },
      throw(error: unknown) {
        end();
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  close(): void {
    this.#stopListening();
    this.#stopReconnect();
    clearInterval(this.#poll);
    for (const end of this.#ends) end();
  }

  #watch(runId: string): Watched {
    const known = this.#watched.get(runId);
    if (known !== undefined && known.failure === null) return known;
    const watched: Watched = {
      runId,
      events: [],
      wake: new Set(),
      failure: null,
      failingSince: null,
      fetching: false,
      again: false,
      fetches: 0,
      epoch: 0,
    };
    this.#watched.set(runId, watched);
    return watched;
  }

  #fetch(watched: Watched): void {
    if (watched.fetching) {
      watched.again = true;
      return;
    }
    watched.fetching = true;
    void this.#fetchAll(watched).finally(() => {
      watched.fetching = false;
      for (const wake of [...watched.wake]) wake();
      if (!watched.again) return;
      watched.again = false;
      if (this.#watched.get(watched.runId) === watched) this.#fetch(watched);
    });
  }

  async #fetchNew(watched: Watched): Promise<void> {
    let more = true;
    while (more) {
      const fresh = await this.#store.events(watched.runId, watched.events.at(-1)?.seq ?? 0, FETCH_COUNT);
      watched.events.push(...fresh);
      more = fresh.length === FETCH_COUNT;
    }
  }

  async #fetchAll(watched: Watched): Promise<void> {
    try {
      const before = watched.events.length;
      await this.#fetchNew(watched);
      if (watched.events.length === before) {
        const last = await this.#store.lastSeq(watched.runId);
        if (last === null) {
          watched.failure = new AppError('NOT_FOUND', 'This analysis does not exist any more. Ask again.');
        } else if (last < (watched.events.at(-1)?.seq ?? 0)) {
          watched.events.length = 0;
          watched.epoch++;
          await this.#fetchNew(watched);
        }
      }
      watched.failingSince = null;
      watched.fetches++;
    } catch (error) {
      const now = performance.now();
      watched.failingSince ??= now;
      if (now - watched.failingSince < PATIENCE_MS) {
        setTimeout(() => {
          if (this.#watched.get(watched.runId) === watched) this.#fetch(watched);
        }, 500).unref();
        return;
      }
      watched.failure = new AppError(
        'QUEUE_UNAVAILABLE',
        'The queue (Redis) cannot be reached right now. The analysis goes on once it is back; subscribe again from the last seq seen.',
        { retryable: true, cause: error },
      );
    }
  }
}

/** The first event after `seq`. Sequence numbers are dense and begin at 1, so it is mostly at its own index. */
function after(events: readonly RunEvent[], seq: number): RunEvent | undefined {
  const guess = events[Math.max(0, seq)];
  if (guess?.seq === seq + 1) return guess;
  return events.find((event) => event.seq > seq);
}
