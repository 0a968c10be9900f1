import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { CaptureCoverageDocument, type CaptureCoverageQuery } from './generated/graphql';

export type SourceCoverage = CaptureCoverageQuery['capture']['coverage'][number];

/** The lake lists gaps with its files: they change with a flush. */
const EVERY_MS = 15_000;

/** When each source captured in the last days; asked again now and then while its page is open and seen. */
@Injectable()
export class CaptureCoverage {
  readonly #apollo = inject(Apollo);
  readonly #latest = signal<readonly SourceCoverage[] | null>(null);
  /** Null before the first answer. */
  readonly coverage = this.#latest.asReadonly();
  readonly #failed = signal(false);
  /** Whether the server could not tell last time; what it told before stays. */
  readonly failed = this.#failed.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.#load();
    }, EVERY_MS);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
    });
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const query = this.#apollo.query({ query: CaptureCoverageDocument, fetchPolicy: 'no-cache' });
      const { data } = await firstValueFrom(query);
      if (data) this.#latest.set(data.capture.coverage);
      this.#failed.set(!data);
    } catch {
      this.#failed.set(true);
    }
  }
}
