import { DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Whether the browser believes that it is online. */
@Injectable({ providedIn: 'root' })
export class Online {
  readonly #state = signal(navigator.onLine);
  readonly online = this.#state.asReadonly();

  constructor() {
    const look = (): void => {
      this.#state.set(navigator.onLine);
    };
    addEventListener('online', look);
    addEventListener('offline', look);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    });
  }
}
