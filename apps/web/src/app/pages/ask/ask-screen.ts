import { Injectable, computed, effect, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { tryParseTopic } from '../../core/topic';
import { isOver } from '../../data/analysis';
import { AnalysisRun } from '../../data/analysis-run';
import { AskDraft } from './ask-draft';
import { AskUrl } from './ask-url';

/** `first` before the first question, `help` for a topic that cannot be asked, `outage` for a server that does not answer. */
export type Screen = 'first' | 'help' | 'outage' | 'empty' | 'cancelled' | 'answer';

/** Which screen one ask page shows, its title, and what a screen reader says of its progress. */
@Injectable()
export class AskScreen {
  readonly #url = inject(AskUrl);
  readonly #draft = inject(AskDraft);
  readonly #run = inject(AnalysisRun);

  /** The topic of the question in the URL; null if it cannot be read. */
  readonly topic = computed(() => tryParseTopic(this.#url.question()?.topic ?? '').topic);

  readonly screen = computed<Screen>(() => {
    const analysis = this.#run.analysis();
    const result = analysis?.result ?? null;
    if (!this.#url.question()) return this.#draft.problem() ? 'help' : 'first';
    if (this.#run.refusal() || !this.topic()) return 'help';
    if (this.#run.outage() && !result) return 'outage';
    if (analysis && isOver(analysis) && result?.complete === true && result.posts === 0) return 'empty';
    if (analysis?.status === 'CANCELLED' && !result) return 'cancelled';
    return 'answer';
  });

  /** Changes a few times per answer only, so that a screen reader can follow. */
  readonly announcement = computed(() => {
    const analysis = this.#run.analysis();
    if (this.#run.outage()) return 'The question was not answered. It is kept.';
    if (!analysis) return this.#url.question() ? 'Asked' : '';
    switch (analysis.status) {
      case 'QUEUED':
        return 'In line';
      case 'RUNNING': {
        const quarters = quartersRead(analysis.progress);
        return quarters === 0 ? 'Started' : `${String(quarters * 25)} per cent read`;
      }
      case 'SUCCEEDED':
        return `Complete: ${String(analysis.result?.posts ?? 0)} posts match`;
      case 'FAILED':
        return 'Failed';
      case 'CANCELLED':
        return 'Cancelled';
    }
  });

  constructor() {
    const title = inject(Title);
    effect(() => {
      const topic = this.#url.question()?.topic;
      title.setTitle(topic === undefined ? 'Twitter Analytica' : `${topic} · Twitter Analytica`);
    });
  }
}

function quartersRead(progress: { readonly partitionsDone: number; readonly partitionsTotal: number } | null): number {
  if (!progress || progress.partitionsTotal === 0) return 0;
  return Math.floor((progress.partitionsDone / progress.partitionsTotal) * 4);
}
