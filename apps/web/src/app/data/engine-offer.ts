import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { EnginesDocument, type EnginesQuery } from './generated/graphql';

const RETRY_MS = 10_000;

/** The engines that this server offers. The whole application reads them once. */
@Injectable({ providedIn: 'root' })
export class EngineOffer {
  readonly #apollo = inject(Apollo);
  readonly offer = signal<EnginesQuery['engines'] | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
    });
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const { data } = await firstValueFrom(this.#apollo.query({ query: EnginesDocument }));
      this.offer.set(data?.engines ?? null);
    } catch {
      this.#timer = setTimeout(() => void this.#load(), RETRY_MS);
    }
  }
}
