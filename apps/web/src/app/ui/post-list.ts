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
import type { MatchSpan } from '../core/topic';
import { PostItem, type PostView } from './post-item';

export interface PostRow {
  readonly key: string;
  readonly post: PostView;
  readonly marks: readonly MatchSpan[];
  readonly captured: number | null;
  readonly reported: number | null;
}

/** How far outside the window a page keeps its posts. */
const MARGIN = '600px 0px';

/** Posts in pages. A page far outside the window is an empty box of its former height, so that few posts are in the document. */
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
  /** The heights of the pages that are empty boxes, by index. */
  protected readonly emptyPages = signal<ReadonlyMap<number, number>>(new Map());
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
    const options: IntersectionObserverInit & { scrollMargin?: string } = { rootMargin: MARGIN, scrollMargin: MARGIN };
    this.#observer ??= new IntersectionObserver((entries) => {
      this.#update(entries);
    }, options);
    this.#observer.disconnect();
    for (const element of this.#host.nativeElement.querySelectorAll('[data-page], [data-end]'))
      this.#observer.observe(element);
  }

  #update(entries: readonly IntersectionObserverEntry[]): void {
    const emptyPages = new Map(this.emptyPages());
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const element = target as HTMLElement;
      const page = element.dataset['page'];
      if (page === undefined) {
        if (isIntersecting && this.hasMore()) this.more.emit();
      } else if (isIntersecting || element.contains(document.activeElement)) emptyPages.delete(Number(page));
      else if (boundingClientRect.height > 0) emptyPages.set(Number(page), boundingClientRect.height);
    }
    this.emptyPages.set(emptyPages);
  }
}
