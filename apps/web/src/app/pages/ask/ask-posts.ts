import { Injectable, computed, effect, inject, untracked } from '@angular/core';
import { AnalysisRun } from '../../data/analysis-run';
import type { PostOrder } from '../../data/generated/graphql';
import { PostPages } from '../../data/post-pages';
import { AskUrl } from './ask-url';

interface Wanted {
  readonly id: string;
  readonly order: PostOrder;
  readonly complete: boolean;
}

/**
 * Opens the posts of the answer of one ask page: once for the first partial result and once for the complete one. The
 * posts of a partial result stay on the page until the complete ones are here.
 */
@Injectable()
export class AskPosts {
  readonly #url = inject(AskUrl);
  readonly #run = inject(AnalysisRun);
  readonly #pages = inject(PostPages);
  /** Null as long as no post matches. */
  readonly #wanted = computed<Wanted | null>(
    () => {
      const analysis = this.#run.analysis();
      const order = this.#url.view().order === 'retweeted' ? 'MOST_RETWEETED' : 'NEWEST';
      if (!analysis?.result || analysis.result.posts === 0) return null;
      return { id: analysis.id, order, complete: analysis.result.complete };
    },
    { equal: (a, b) => isSameList(a, b) && a?.complete === b?.complete },
  );
  #shown: Wanted | null = null;

  constructor() {
    effect(() => {
      const wanted = this.#wanted();
      untracked(() => {
        this.#open(wanted);
      });
    });
  }

  #open(wanted: Wanted | null): void {
    const keep = isSameList(wanted, this.#shown);
    this.#shown = wanted;
    if (wanted) void this.#pages.open(wanted.id, wanted.order, keep);
    else this.#pages.clear();
  }
}

function isSameList(a: Wanted | null, b: Wanted | null): boolean {
  return a?.id === b?.id && a?.order === b?.order;
}
