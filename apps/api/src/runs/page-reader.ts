import type { Channels } from '../redis/channels.js';
import { withQueue } from '../redis/redis-connections.js';
import type { PageOutcome, PageStore } from './page-store.js';

/** How often a page is looked for that was not announced: pub/sub may lose a message. */
const LOOK_MS = 2_000;

/** Someone who waits for a page. */
interface Waiter {
  arrived: boolean;
  wake: () => void;
}

/** Waits for the pages that workers write. */
export class PageReader {
  readonly #pages: PageStore;
  readonly #lookMs: number;
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #stopListening: () => void;

  constructor(pages: PageStore, channels: Channels, lookMs = LOOK_MS) {
    this.#pages = pages;
    this.#lookMs = lookMs;
    this.#stopListening = channels.listen(pages.channel, (id) => {
      for (const waiter of this.#waiters.get(id) ?? []) {
        waiter.arrived = true;
        waiter.wake();
      }
    });
  }

  /**
   * Reads a page; where it is not there yet, has it fetched and waits for it.
   * @param request gives the page a job. It is called again after every look in vain: the job may have been lost.
   * @returns null once `deadlineMs` have passed.
   * @throws AppError `QUEUE_UNAVAILABLE`.
   */
  async read(id: string, request: () => Promise<void>, deadlineMs: number): Promise<PageOutcome | null> {
    const end = performance.now() + deadlineMs;
    const waiter: Waiter = { arrived: false, wake: () => undefined };
    const waiters = this.#waiters.get(id) ?? new Set();
    this.#waiters.set(id, waiters.add(waiter));
    try {
      for (;;) {
        waiter.arrived = false;
        const outcome = await withQueue(() => this.#pages.read(id));
        if (outcome !== null) return outcome;
        if (performance.now() >= end) return null;
        await withQueue(request);
        await this.#arrival(waiter, Math.min(this.#lookMs, end - performance.now()));
      }
    } finally {
      waiters.delete(waiter);
      if (waiters.size === 0) this.#waiters.delete(id);
    }
  }

  close(): void {
    this.#stopListening();
  }

  /** Ends when the page is announced, at the latest after `ms`. */
  async #arrival(waiter: Waiter, ms: number): Promise<void> {
    if (waiter.arrived) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms));
      waiter.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
