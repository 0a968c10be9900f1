import { Directive, DestroyRef, ElementRef, afterNextRender, inject, signal } from '@angular/core';

/** Whether the element has been scrolled out of the window at its top. */
@Directive({ selector: '[taScrolledPast]', exportAs: 'taScrolledPast' })
export class ScrolledPast {
  readonly #past = signal(false);
  readonly past = this.#past.asReadonly();

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const destroy = inject(DestroyRef);
    afterNextRender(() => {
      if (typeof IntersectionObserver === 'undefined') return;
      const observer = new IntersectionObserver(([entry]) => {
        if (entry) this.#past.set(!entry.isIntersecting && entry.boundingClientRect.top < 0);
      });
      observer.observe(element);
      destroy.onDestroy(() => {
        observer.disconnect();
      });
    });
  }
}
