import { type DestroyRef, computed, signal } from '@angular/core';
import type { Observable, Subscription } from 'rxjs';
import { reconnectDelay } from './resume-events';

export interface LiveStatusSource<T> {
  /** Asks once, so that there is something to show before the first event. */
  readonly load: () => Promise<T | undefined>;
  readonly events: () => Observable<T>;
}

/** A status that is loaded once and then followed. A subscription that breaks is made anew by itself, later each time. */
export class LiveStatus<T> {
  readonly #source: LiveStatusSource<T>;
  readonly #state = signal<{ readonly value: T; readonly at: number } | null>(null);
  /** The last status; null before the first. */
  readonly latest = computed(() => this.#state()?.value ?? null);
  /** When the last status came, epoch ms. */
  readonly updatedAt = computed(() => this.#state()?.at ?? null);
  /** The subscription is broken; the last status is kept. */
  readonly broken = signal(false);
  #subscription: Subscription | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(source: LiveStatusSource<T>, destroy: DestroyRef) {
    this.#source = source;
    destroy.onDestroy(() => {
      clearTimeout(this.#timer);
      this.#subscription?.unsubscribe();
    });
    void this.#loadFirst();
    this.#connect();
  }

  async #loadFirst(): Promise<void> {
    try {
      const value = await this.#source.load();
      if (value !== undefined && this.#state() === null) this.#take(value);
    } catch {
      this.broken.set(true); // the subscription retries
    }
  }

  #connect(): void {
    const again = (): void => {
      this.broken.set(true);
      this.#attempt += 1;
      this.#timer = setTimeout(() => {
        this.#connect();
      }, reconnectDelay(this.#attempt));
    };
    this.#subscription = this.#source.events().subscribe({
      next: (value) => {
        this.#attempt = 0;
        this.broken.set(false);
        this.#take(value);
      },
      error: again,
      complete: again,
    });
  }

  #take(value: T): void {
    this.#state.set({ value, at: Date.now() });
  }
}
