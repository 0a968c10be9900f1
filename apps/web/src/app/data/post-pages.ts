import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { errorText } from './errors';
import { type PostOrder, PostsDocument, type PostsQuery } from './generated/graphql';

export type PostEdge = PostsQuery['posts']['edges'][number];
export const PAGE_SIZE = 30;

/** The posts of one answer, page after page. Each page of the dashboard provides its own. */
@Injectable()
export class PostPages {
  readonly #apollo = inject(Apollo);
  readonly #pages = signal<readonly (readonly PostEdge[])[]>([]);
  readonly pages = this.#pages.asReadonly();
  readonly #loading = signal(false);
  readonly loading = this.#loading.asReadonly();
  readonly #error = signal<string | null>(null);
  readonly error = this.#error.asReadonly();
  readonly #cursor = signal<string | null>(null);
  readonly hasMore = computed(() => this.#cursor() !== null);
  #list: { readonly id: string; readonly order: PostOrder } | null = null;
  /** Counts lists, so that a page of an earlier one is left out. */
  #opened = 0;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.clear();
    });
  }

  /** Begins at the first page. With `keep` the old posts stay until the new ones are here. */
  async open(id: string, order: PostOrder, keep: boolean): Promise<void> {
    this.#list = { id, order };
    this.#opened += 1;
    this.#cursor.set(null);
    if (!keep) this.#pages.set([]);
    await this.#load(null);
  }

  clear(): void {
    this.#list = null;
    this.#opened += 1;
    this.#cursor.set(null);
    this.#pages.set([]);
    this.#error.set(null);
    this.#loading.set(false);
  }

  async more(): Promise<void> {
    const after = this.#cursor();
    if (after === null || this.#loading()) return;
    await this.#load(after);
  }

  async retry(): Promise<void> {
    await this.#load(this.#cursor());
  }

  async #load(after: string | null): Promise<void> {
    if (!this.#list) return;
    const opened = this.#opened;
    this.#loading.set(true);
    this.#error.set(null);
    try {
      const variables = { analysisId: this.#list.id, order: this.#list.order, first: PAGE_SIZE, after };
      const { data } = await firstValueFrom(this.#apollo.query({ query: PostsDocument, variables }));
      if (opened !== this.#opened || !data) return;
      const { edges, pageInfo } = data.posts;
      this.#pages.update((pages) => (after === null ? [edges] : [...pages, edges]));
      this.#cursor.set(pageInfo.hasNextPage ? pageInfo.endCursor : null);
    } catch (error) {
      if (opened === this.#opened) this.#error.set(errorText(error));
    } finally {
      if (opened === this.#opened) this.#loading.set(false);
    }
  }
}
