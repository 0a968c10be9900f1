import { Injectable, effect, inject, untracked } from '@angular/core';
import { type EngineChoice, type WordSwitches, intervalLength, isSameQuestion } from '../../core/question';
import { tryParseTopic } from '../../core/topic';
import { AnalysisRun } from '../../data/analysis-run';
import { bucketForWidth } from '../../data/buckets';
import type { IntervalChoice } from '../../ui/interval-picker';
import { answerWidth } from './answer-width';
import { AskDraft } from './ask-draft';
import { AskUrl } from './ask-url';

/** What the user can do on one ask page. Asking changes the URL, and the question of the URL is run. */
@Injectable()
export class AskActions {
  readonly #url = inject(AskUrl);
  readonly #draft = inject(AskDraft);
  readonly #run = inject(AnalysisRun);

  constructor() {
    effect(() => {
      const question = this.#url.question();
      untracked(() => {
        if (question && tryParseTopic(question.topic).topic) this.#runQuestion(false);
        else this.#run.clear();
      });
    });
  }

  /** Asks what stands in the form. False if its topic cannot be read. */
  ask(): boolean {
    const question = this.#draft.submit();
    if (!question) return false;
    if (isSameQuestion(question, this.#url.question())) this.askAgain();
    else {
      scrollTo({ top: 0 });
      this.#url.ask(question);
    }
    return true;
  }

  /** False if the topic cannot be read. */
  askTopic(topic: string): boolean {
    this.#draft.topic.set(topic);
    return this.ask();
  }

  /** Asks the same question about the newest data. */
  askAgain(): void {
    this.#runQuestion(true);
    scrollTo({ top: 0 });
  }

  chooseInterval(choice: IntervalChoice): void {
    this.#draft.interval.set(choice.interval);
    this.#draft.timeZone.set(choice.timeZone);
    this.#askIfAsked();
  }

  chooseEngine(choice: EngineChoice | null): void {
    this.#draft.engine.set(choice);
    this.#askIfAsked();
  }

  changeWords(change: Partial<WordSwitches>): void {
    const question = this.#url.question();
    if (!question) return;
    scrollTo({ top: 0 });
    this.#url.ask({ ...question, ...change });
  }

  discardQuestion(): void {
    this.#run.clear();
    this.#url.leaveQuestion();
  }

  /** Shows the answer in the buckets that fit a plot of this width, in px. */
  fitBuckets(width: number): void {
    const analysis = this.#run.analysis();
    if (!analysis) return;
    void this.#run.useBucket(bucketForWidth({ from: Date.parse(analysis.from), to: Date.parse(analysis.to) }, width));
  }

  /** A changed question is asked at once. A first question waits for the button. */
  #askIfAsked(): void {
    if (this.#url.question() && this.#draft.isReadable()) this.ask();
  }

  #runQuestion(again: boolean): void {
    const question = this.#url.question();
    if (!question) return;
    const width = answerWidth(document.documentElement.clientWidth);
    const bucket = bucketForWidth({ from: 0, to: intervalLength(question.interval) }, width);
    this.#run.ask(question, bucket, again);
  }
}
