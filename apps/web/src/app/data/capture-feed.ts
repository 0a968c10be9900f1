import { DestroyRef, Injectable, computed, inject } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom, map } from 'rxjs';
import { CaptureDocument, CaptureEventsDocument, type CaptureFieldsFragment } from './generated/graphql';
import { LiveStatus } from './live-status';
import { unwrap } from './unwrap';

export type Capture = CaptureFieldsFragment;

/** What is being captured, live. The whole application shares one subscription. */
@Injectable({ providedIn: 'root' })
export class CaptureFeed {
  readonly #apollo = inject(Apollo);
  readonly #status = new LiveStatus<Capture>(
    {
      load: async () => (await firstValueFrom(this.#apollo.query({ query: CaptureDocument }))).data?.capture,
      events: () =>
        this.#apollo.subscribe({ query: CaptureEventsDocument, fetchPolicy: 'no-cache' }).pipe(
          unwrap(),
          map((data) => data.captureEvents),
        ),
    },
    inject(DestroyRef),
  );
  readonly capture = this.#status.latest;
  /** The subscription is broken; the last status is kept. */
  readonly broken = this.#status.broken.asReadonly();
  /** Posts per second over all sources, for each of the last 16 full seconds. */
  readonly recentRates = computed(() => {
    const rates = this.capture()?.rates ?? [];
    return Array.from({ length: 16 }, (_, i) => rates.reduce((sum, rate) => sum + (rate.perSecond.at(i - 17) ?? 0), 0));
  });
  /** Posts per second, the mean of the last 10 full seconds. */
  readonly rate = computed(
    () =>
      this.recentRates()
        .slice(-10)
        .reduce((sum, n) => sum + n, 0) / 10,
  );
}
