import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { type EnginesQuery, EnginesDocument } from './generated/graphql';

const AGAIN_MS = 10_000;

/** Which engines a question may name here. Mostly one: then there is nothing to choose. */
@Injectable({ providedIn: 'root' })
export class EngineOffer {
  readonly #apollo = inject(Apollo);
  readonly offer = signal<EnginesQuery['engines'] | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
    });
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const { data } = await firstValueFrom(this.#apollo.query({ query: EnginesDocument }));
      this.offer.set(data?.engines ?? null);
    } catch {
      this.#timer = setTimeout(() => void this.#read(), AGAIN_MS);
    }
  }
}
