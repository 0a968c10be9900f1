import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { type Observable, type Subscription, firstValueFrom, map } from 'rxjs';
import { CaptureDocument, CaptureEventsDocument, type CaptureFieldsFragment } from './generated/graphql';
import { reconnectDelay } from './resume-events';
import { unwrap } from './unwrap';

export type Capture = CaptureFieldsFragment;

/** What is being captured, live. The whole application shares one subscription. */
@Injectable({ providedIn: 'root' })
export class CaptureFeed {
  readonly #apollo = inject(Apollo);
  readonly #latest = signal<Capture | null>(null);
  readonly capture = this.#latest.asReadonly();
  /** The subscription is broken; the last status is kept. */
  readonly broken = signal(false);
  /** Posts per second over all sources, for each of the last 16 full seconds. */
  readonly recentRates = computed(() => {
    const rates = this.#latest()?.rates ?? [];
    return Array.from({ length: 16 }, (_, i) => rates.reduce((sum, rate) => sum + (rate.perSecond.at(i - 17) ?? 0), 0));
  });
  /** Posts per second, the mean of the last 10 full seconds. */
  readonly rate = computed(
    () =>
      this.recentRates()
        .slice(-10)
        .reduce((sum, n) => sum + n, 0) / 10,
  );

  #subscription: Subscription | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
      this.#subscription?.unsubscribe();
    });
    void this.#loadFirst();
    this.#connect();
  }

  async #loadFirst(): Promise<void> {
    try {
      const { data } = await firstValueFrom(this.#apollo.query({ query: CaptureDocument }));
      if (data && !this.#latest()) this.#latest.set(data.capture);
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
    this.#subscription = this.#events().subscribe({
      next: (capture) => {
        this.#attempt = 0;
        this.broken.set(false);
        this.#latest.set(capture);
      },
      error: again,
      complete: again,
    });
  }

  #events(): Observable<Capture> {
    return this.#apollo.subscribe({ query: CaptureEventsDocument, fetchPolicy: 'no-cache' }).pipe(
      unwrap(),
      map((data) => data.captureEvents),
    );
  }
}
