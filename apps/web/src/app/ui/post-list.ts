import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterRenderEffect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { MarkSpan } from '../core/topic';
import { PostItem, type PostView } from './post-item';

export interface PostRow {
  readonly key: string;
  readonly post: PostView;
  readonly marks: readonly MarkSpan[];
  readonly captured: number | null;
  readonly reported: number | null;
}

const NEAR = '600px 0px';

/** Posts in pages: a page that is far from the window is an empty box of the height it had, so few posts are in the document. */
@Component({
  selector: 'ta-post-list',
  imports: [PostItem],
  templateUrl: './post-list.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PostList {
  readonly pages = input.required<readonly (readonly PostRow[])[]>();
  readonly now = input.required<number>();
  readonly hasMore = input(false);
  readonly more = output();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  /** Heights of the pages that are boxes now, by index. */
  protected readonly away = signal<ReadonlyMap<number, number>>(new Map());
  #observer: IntersectionObserver | null = null;

  constructor() {
    afterRenderEffect(() => {
      this.pages();
      this.hasMore();
      this.#observe();
    });
    inject(DestroyRef).onDestroy(() => this.#observer?.disconnect());
  }

  #observe(): void {
    if (typeof IntersectionObserver === 'undefined') return;
    const options: IntersectionObserverInit & { scrollMargin?: string } = { rootMargin: NEAR, scrollMargin: NEAR };
    this.#observer ??= new IntersectionObserver((entries) => {
      this.#look(entries);
    }, options);
    this.#observer.disconnect();
    for (const element of this.#host.nativeElement.querySelectorAll('[data-page], [data-end]'))
      this.#observer.observe(element);
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    const away = new Map(this.away());
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const element = target as HTMLElement;
      const page = element.dataset['page'];
      if (page === undefined) {
        if (isIntersecting && this.hasMore()) this.more.emit();
      } else if (isIntersecting || element.contains(document.activeElement)) away.delete(Number(page));
      else if (boundingClientRect.height > 0) away.set(Number(page), boundingClientRect.height);
    }
    this.away.set(away);
  }
}
