import { DestroyRef, Injectable, inject, signal } from '@angular/core';

/** The time, once a second while the page is visible. One for the whole application. */
@Injectable({ providedIn: 'root' })
export class Clock {
  readonly #tick = signal(Date.now());
  readonly now = this.#tick.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.#tick.set(Date.now());
    }, 1_000);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
    });
  }
}
