import { Injectable, computed, inject, signal } from '@angular/core';
import { Apollo } from 'apollo-angular';
import { firstValueFrom } from 'rxjs';
import { type PostOrder, type PostsQuery, PostsDocument } from './generated/graphql';
import { errorText } from './errors';

export type PostEdge = PostsQuery['posts']['edges'][number];
export const PAGE_SIZE = 30;

/** The posts of an answer, page after page. */
@Injectable({ providedIn: 'root' })
export class PostPages {
  private readonly apollo = inject(Apollo);
  readonly pages = signal<readonly (readonly PostEdge[])[]>([]);
  readonly loading = signal(false);
  readonly error = signal<string | null>(null);
  readonly total = signal<number | null>(null);
  private readonly next = signal<string | null>(null);
  readonly hasMore = computed(() => this.next() !== null);
  private of: { readonly id: string; readonly order: PostOrder } | null = null;
  private run = 0;

  /** Begins at the first page. The old posts stay until the new ones are here if `keep` is set. */
  async open(id: string, order: PostOrder, keep: boolean): Promise<void> {
    this.of = { id, order };
    this.run += 1;
    this.next.set(null);
    if (!keep) this.pages.set([]);
    await this.load(null);
  }

  clear(): void {
    this.of = null;
    this.run += 1;
    this.next.set(null);
    this.pages.set([]);
    this.total.set(null);
    this.error.set(null);
    this.loading.set(false);
  }

  async more(): Promise<void> {
    const after = this.next();
    if (after === null || this.loading()) return;
    await this.load(after);
  }

  async retry(): Promise<void> {
    await this.load(this.next());
  }

  private async load(after: string | null): Promise<void> {
    if (!this.of) return;
    const run = this.run;
    this.loading.set(true);
    this.error.set(null);
    try {
      const variables = { analysisId: this.of.id, order: this.of.order, first: PAGE_SIZE, after };
      const { data } = await firstValueFrom(this.apollo.query({ query: PostsDocument, variables }));
      if (run !== this.run || !data) return;
      const { edges, pageInfo, totalCount } = data.posts;
      this.pages.update((pages) => (after === null ? [edges] : [...pages, edges]));
      this.next.set(pageInfo.hasNextPage ? pageInfo.endCursor : null);
      this.total.set(totalCount);
    } catch (error) {
      if (run === this.run) this.error.set(errorText(error));
    } finally {
      if (run === this.run) this.loading.set(false);
    }
  }
}
