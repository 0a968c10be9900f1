import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type ParamMap, Router } from '@angular/router';
import { map } from 'rxjs';
import { viewerZone } from '../../core/format';
import { type Question, isSameQuestion } from '../../core/question';
import { type QuestionParams, readQuestion, unusableZoneText, writeQuestion } from '../../core/question-params';
import { type AskView, DEFAULT_VIEW, readView, writeView } from './ask-view';

/** What the URL of the page says. */
export interface AskParams extends QuestionParams {
  readonly view: AskView;
}

export function readAskParams(params: URLSearchParams, zone: string): AskParams {
  return { ...readQuestion(params, zone), view: readView(params.get('view') ?? '') };
}

/** The query parameters from which `readAskParams` reads the same. */
export function writeAskParams(state: AskParams): Record<string, string> {
  const view = writeView(state.view);
  return { ...writeQuestion(state), ...(view !== null && { view }) };
}

/** A link to the ask page with a question. */
export function linkToQuestion(question: Question): string {
  const params = new URLSearchParams(writeAskParams({ question, view: DEFAULT_VIEW }));
  return new URL(`/?${params.toString()}`, location.href).href;
}

/** The URL of one ask page. The URL is the only place of the question and of the view: asking is a navigation. */
@Injectable()
export class AskUrl {
  readonly #route = inject(ActivatedRoute);
  readonly #router = inject(Router);
  /** The time zone of this browser. */
  readonly viewerZone = viewerZone();
  readonly #params = toSignal(
    this.#route.queryParamMap.pipe(map((params) => readAskParams(searchParams(params), this.viewerZone))),
    { requireSync: true },
  );
  readonly question = computed(() => this.#params().question, { equal: isSameQuestion });
  /** The interval and the zone of the question, or of a link without a topic. */
  readonly time = computed(() => this.question() ?? this.#params().chosen ?? null);
  readonly view = computed(() => this.#params().view);
  /** What to say about a time zone of the URL that is not used; null if there is none. */
  readonly zoneProblem = computed(() => {
    const { unusableZone } = this.#params();
    return unusableZone === undefined ? null : unusableZoneText(unusableZone, this.viewerZone);
  });

  /** Adds an entry to the history. */
  ask(question: Question): void {
    this.#navigate({ question, view: { ...this.view(), tab: 'answer' } });
  }

  /** Replaces the entry in the history. */
  changeView(change: Partial<AskView>): void {
    this.#navigate({ ...this.#params(), view: { ...this.view(), ...change } }, true);
  }

  /** Goes to the page as it is before the first question. */
  leaveQuestion(): void {
    this.#navigate({ question: null, view: DEFAULT_VIEW });
  }

  #navigate(params: AskParams, replaceUrl = false): void {
    void this.#router.navigate([], { relativeTo: this.#route, queryParams: writeAskParams(params), replaceUrl });
  }
}

function searchParams(params: ParamMap): URLSearchParams {
  return new URLSearchParams(params.keys.map((key) => [key, params.get(key) ?? '']));
}
