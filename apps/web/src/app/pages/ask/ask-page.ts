import { ChangeDetectionStrategy, Component, computed, inject, viewChild } from '@angular/core';
import { AnalysisRun } from '../../data/analysis-run';
import { CaptureFeed } from '../../data/capture-feed';
import { PostPages } from '../../data/post-pages';
import { Icon } from '../../ui/icon';
import { ScrolledPast } from '../../ui/scrolled-past';
import { AnswerBanner } from './answer-banner';
import { AnswerBody } from './answer-body';
import { AnswerStatus } from './answer-status';
import { AskActions } from './ask-actions';
import { AskDraft } from './ask-draft';
import { AskPosts } from './ask-posts';
import { AskScreen } from './ask-screen';
import { AskUrl } from './ask-url';
import { EmptyAnswer } from './empty-answer';
import { FirstVisit } from './first-visit';
import { FirstVisitHeading } from './first-visit-heading';
import { NotAnswered } from './not-answered';
import { QuestionForm } from './question-form';
import { QuestionShortcut } from './question-shortcut';
import { StickyQuestion } from './sticky-question';
import { SyntaxHelp } from './syntax-help';

/** The page of one question: the form, and below it the answer. Everything it keeps is provided here and ends with it. */
@Component({
  selector: 'ta-ask-page',
  imports: [
    AnswerBanner,
    AnswerBody,
    AnswerStatus,
    EmptyAnswer,
    FirstVisit,
    FirstVisitHeading,
    Icon,
    StickyQuestion,
    NotAnswered,
    QuestionForm,
    QuestionShortcut,
    ScrolledPast,
    SyntaxHelp,
  ],
  providers: [AnalysisRun, PostPages, AskUrl, AskDraft, AskActions, AskScreen, AskPosts],
  templateUrl: './ask-page.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AskPage {
  protected readonly run = inject(AnalysisRun);
  protected readonly url = inject(AskUrl);
  protected readonly draft = inject(AskDraft);
  protected readonly actions = inject(AskActions);
  protected readonly state = inject(AskScreen);
  readonly #feed = inject(CaptureFeed);
  protected readonly form = viewChild.required(QuestionForm);

  /** Where an interval of the form ends at first, epoch ms. */
  protected readonly newest = computed(() => {
    const watermark = this.#feed.capture()?.watermark;
    return watermark ? Date.parse(watermark) : Date.now();
  });

  constructor() {
    inject(AskPosts);
  }

  protected ask(): void {
    if (!this.actions.ask()) this.form().focus();
  }

  protected askTopic(topic: string): void {
    if (!this.actions.askTopic(topic)) this.form().focus();
  }

  protected backToQuestion(): void {
    scrollTo({ top: 0 });
    this.form().focus();
  }
}
