import { DestroyRef, Injectable, inject } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom, map } from 'rxjs';
import {
  CaptureDetailDocument,
  CaptureDetailEventsDocument,
  type CaptureDetailFieldsFragment,
} from './generated/graphql';
import { LiveStatus } from './live-status';
import { unwrap } from './unwrap';

export type CaptureStatus = CaptureDetailFieldsFragment;
export type SourceStatus = CaptureStatus['sources'][number];

/** All that capture says of itself, live, while its page is open: the page provides it. */
@Injectable()
export class CaptureDetail {
  readonly #apollo = inject(Apollo);
  readonly #status = new LiveStatus<CaptureStatus>(
    {
      load: async () => (await firstValueFrom(this.#apollo.query({ query: CaptureDetailDocument }))).data?.capture,
      events: () =>
        this.#apollo.subscribe({ query: CaptureDetailEventsDocument, fetchPolicy: 'no-cache' }).pipe(
          unwrap(),
          map((data) => data.captureEvents),
        ),
    },
    inject(DestroyRef),
  );
  readonly status = this.#status.latest;
  readonly updatedAt = this.#status.updatedAt;
  readonly broken = this.#status.broken.asReadonly();
}
