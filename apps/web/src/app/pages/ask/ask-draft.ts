import { Injectable, computed, inject, linkedSignal } from '@angular/core';
import { type AskedInterval, DEFAULT_INTERVAL, type EngineChoice, type Question } from '../../core/question';
import { type Problem, tryParseTopic } from '../../core/topic';
import { AnalysisRun } from '../../data/analysis-run';
import { EngineOffer } from '../../data/engine-offer';
import { AskUrl } from './ask-url';

/** The question in the form of one ask page, asked or not. It follows the URL until the user changes it. */
@Injectable()
export class AskDraft {
  readonly #url = inject(AskUrl);
  readonly #run = inject(AnalysisRun);
  readonly #offer = inject(EngineOffer).offer;

  readonly topic = linkedSignal(() => this.#url.question()?.topic ?? '');
  readonly interval = linkedSignal<AskedInterval>(() => this.#url.time()?.interval ?? DEFAULT_INTERVAL);
  readonly timeZone = linkedSignal(() => this.#url.time()?.timeZone ?? this.#url.viewerZone);
  /** Null: the server's default. An engine that this server does not offer is left out. */
  readonly engine = linkedSignal<EngineChoice | null>(() => {
    const engine = this.#url.question()?.engine ?? null;
    const { choices } = this.#offer() ?? {};
    return engine && (choices?.includes(engine) ?? true) ? engine : null;
  });

  readonly #submitted = linkedSignal({
    source: this.#url.question,
    computation: (question) => question !== null,
  });
  /** What is wrong with the topic; null until the user tries to ask. */
  readonly problem = computed<Problem | null>(() => {
    if (!this.#submitted()) return null;
    const topic = this.topic();
    const { problem } = tryParseTopic(topic);
    if (problem) return problem;
    const refusal = this.#run.refusal();
    return refusal && topic === this.#url.question()?.topic ? refusal : null;
  });

  /** The draft as a question; null if its topic cannot be read, and then `problem` says why. */
  submit(): Question | null {
    this.#submitted.set(true);
    const topic = this.topic().trim();
    if (!isReadable(topic)) return null;
    const asked = this.#url.question();
    const engine = this.engine();
    return {
      topic,
      interval: this.interval(),
      timeZone: this.timeZone(),
      includeStopWords: asked?.includeStopWords ?? false,
      includeRetweetWords: asked?.includeRetweetWords ?? false,
      ...(engine && { engine }),
    };
  }

  isReadable(): boolean {
    return isReadable(this.topic());
  }
}

function isReadable(topic: string): boolean {
  return tryParseTopic(topic).problem === null;
}
