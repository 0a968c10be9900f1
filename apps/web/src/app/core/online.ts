import { DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Whether the browser says that it is online. One for the whole application. */
@Injectable({ providedIn: 'root' })
export class Online {
  readonly #state = signal(navigator.onLine);
  readonly online = this.#state.asReadonly();

  constructor() {
    const update = (): void => {
      this.#state.set(navigator.onLine);
    };
    addEventListener('online', update);
    addEventListener('offline', update);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    });
  }
}
