import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  computed,
  effect,
  inject,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { Title } from '@angular/platform-browser';
import { ActivatedRoute, Router } from '@angular/router';
import { map } from 'rxjs';
import { viewerZone } from '../../core/format';
import { type Problem, readTopic } from '../../core/topic';
import {
  DEFAULT_INTERVAL,
  DEFAULT_VIEW,
  PRESET_HOURS,
  type EngineChoice,
  type Interval,
  type Question,
  type UrlState,
  type View,
  readUrl,
  sameQuestion,
  writeUrl,
} from '../../core/url-state';
import { AnalysisRun } from '../../data/analysis-run';
import { bucketForWidth } from '../../data/buckets';
import { CaptureFeed } from '../../data/capture-feed';
import { EngineOffer } from '../../data/engine-offer';
import { PostPages } from '../../data/post-pages';
import { isOver } from '../../data/run';
import type { IntervalChoice } from '../../ui/interval-picker';
import { AnswerBanner } from './answer-banner';
import { AnswerBody } from './answer-body';
import { Byline } from './byline';
import { EmptyAnswer } from './empty-answer';
import { FirstVisit } from './first-visit';
import { MiniBar } from './mini-bar';
import { answerWidth } from './layout';
import { NotAnswered } from './not-answered';
import { QuestionForm } from './question-form';
import { SyntaxHelp } from './syntax-help';

const FIRST_VISIT: UrlState = { question: null, view: DEFAULT_VIEW };

/** The one page: a question in the URL, its answer below. */
@Component({
  selector: 'ta-ask-page',
  imports: [AnswerBanner, AnswerBody, Byline, EmptyAnswer, FirstVisit, MiniBar, NotAnswered, QuestionForm, SyntaxHelp],
  templateUrl: './ask-page.html',
  host: { '(document:keydown)': 'shortcut($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AskPage {
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly title = inject(Title);
  protected readonly run = inject(AnalysisRun);
  private readonly posts = inject(PostPages);
  private readonly feed = inject(CaptureFeed);
  private readonly offer = inject(EngineOffer).offer;
  protected readonly zone = viewerZone();

  private readonly url = toSignal(
    this.route.queryParamMap.pipe(
      map((params) => readUrl(new URLSearchParams(params.keys.map((key) => [key, params.get(key) ?? ''])), this.zone)),
    ),
    { initialValue: FIRST_VISIT },
  );
  /** What the URL asks. */
  protected readonly question = computed(() => this.url().question, { equal: sameQuestion });
  protected readonly view = computed(() => this.url().view);

  /** What stands in the box, asked or not. */
  protected readonly draft = linkedSignal(() => this.question()?.topic ?? '');
  private readonly when = computed(() => this.question() ?? this.url().chosen ?? null);
  protected readonly interval = linkedSignal<Interval>(() => this.when()?.interval ?? DEFAULT_INTERVAL);
  protected readonly timeZone = linkedSignal(() => this.when()?.timeZone ?? this.zone);
  /** What a link names and this server does not have is left out when it is asked again. */
  protected readonly engine = linkedSignal<EngineChoice | null>(() => {
    const engine = this.question()?.engine ?? null;
    const { choices } = this.offer() ?? {};
    return engine && (choices?.includes(engine) ?? true) ? engine : null;
  });
  /** A problem is shown once somebody tried to ask. */
  private readonly tried = linkedSignal({ source: this.question, computation: (question) => question !== null });
  protected readonly problem = computed<Problem | null>(() => {
    if (!this.tried()) return null;
    const draft = this.draft();
    const { problem } = readTopic(draft);
    if (problem) return problem;
    const refusal = this.run.refusal();
    return refusal && draft === this.question()?.topic ? refusal : null;
  });
  protected readonly topic = computed(() => readTopic(this.question()?.topic ?? '').topic);
  protected readonly newest = computed(() => {
    const watermark = this.feed.capture()?.watermark;
    return watermark ? Date.parse(watermark) : Date.now();
  });

  protected readonly screen = computed(() => {
    const analysis = this.run.analysis();
    const result = analysis?.result ?? null;
    const outage = this.run.outage();
    if (!this.question()) return this.problem() ? 'help' : 'first';
    if (this.run.refusal() || !this.topic()) return 'help';
    if (outage && !result) return 'outage';
    if (analysis && isOver(analysis) && result?.complete === true && result.posts === 0) return 'empty';
    if (analysis?.status === 'CANCELLED' && !result) return 'cancelled';
    return 'answer';
  });
  /** Rare, polite words for those who do not see the page change. */
  protected readonly announcement = computed(() => {
    const analysis = this.run.analysis();
    if (this.run.outage()) return 'The question was not answered. It is kept.';
    if (!analysis) return this.question() ? 'Asked' : '';
    const progress = analysis.progress;
    const quarter =
      progress && progress.partitionsTotal > 0
        ? Math.floor((progress.partitionsDone / progress.partitionsTotal) * 4) * 25
        : 0;
    switch (analysis.status) {
      case 'QUEUED':
        return 'In line';
      case 'RUNNING':
        return quarter === 0 ? 'Started' : `${String(quarter)} per cent read`;
      case 'SUCCEEDED':
        return `Complete: ${String(analysis.result?.posts ?? 0)} posts match`;
      case 'FAILED':
        return 'Failed';
      case 'CANCELLED':
        return 'Cancelled';
    }
  });
  protected readonly bandAway = signal(false);
  private readonly form = viewChild(QuestionForm);
  private readonly bandMark = viewChild<ElementRef<HTMLElement>>('bandMark');

  constructor() {
    effect(() => {
      const question = this.question();
      untracked(() => {
        if (question && readTopic(question.topic).topic) this.run.ask(question, this.bucketFor(question));
        else this.run.clear();
      });
    });
    effect(() => {
      const topic = this.question()?.topic;
      this.title.setTitle(topic === undefined ? 'Twitter Analytica' : `${topic} · Twitter Analytica`);
    });
    effect(() => {
      const analysis = this.run.analysis();
      const order = this.view().order === 'retweeted' ? 'MOST_RETWEETED' : 'NEWEST';
      const has = (analysis?.result?.posts ?? 0) > 0;
      const id = has ? analysis?.id : undefined;
      this.openPosts(id, order, analysis?.result?.complete === true);
    });
    effect((onCleanup) => {
      const mark = this.bandMark()?.nativeElement;
      this.bandAway.set(false);
      if (!mark || typeof IntersectionObserver === 'undefined') return;
      const observer = new IntersectionObserver(([entry]) => {
        if (entry) this.bandAway.set(!entry.isIntersecting && entry.boundingClientRect.top < 0);
      });
      observer.observe(mark);
      onCleanup(() => {
        observer.disconnect();
      });
    });
  }

  protected ask(): void {
    this.tried.set(true);
    const topic = this.draft().trim();
    if (readTopic(topic).problem) {
      this.focusBox();
      return;
    }
    const before = this.question();
    const engine = this.engine();
    const question: Question = {
      topic,
      interval: this.interval(),
      timeZone: this.timeZone(),
      includeStopWords: before?.includeStopWords ?? false,
      includeRetweetWords: before?.includeRetweetWords ?? false,
      ...(engine && { engine }),
    };
    if (sameQuestion(before, question)) this.again();
    else this.go(question);
  }

  /** The same question about the newest data. */
  protected again(): void {
    const question = this.question();
    if (question) this.run.ask(question, this.bucketFor(question), true);
    scrollTo({ top: 0 });
  }

  protected askTopic(topic: string): void {
    this.draft.set(topic);
    this.ask();
  }

  protected chooseInterval(choice: IntervalChoice): void {
    this.interval.set(choice.interval);
    this.timeZone.set(choice.timeZone);
    this.askIfAnswered();
  }

  protected chooseEngine(choice: EngineChoice | null): void {
    this.engine.set(choice);
    this.askIfAnswered();
  }

  protected change(change: Partial<Pick<Question, 'includeStopWords' | 'includeRetweetWords'>>): void {
    const question = this.question();
    if (question) this.go({ ...question, ...change });
  }

  protected setView(change: Partial<View>): void {
    const state = { ...this.url(), view: { ...this.view(), ...change } };
    void this.router.navigate([], { queryParams: writeUrl(state), replaceUrl: true });
  }

  protected discard(): void {
    this.run.clear();
    void this.router.navigate([], { queryParams: {} });
  }

  protected useBucket(width: number): void {
    const analysis = this.run.analysis();
    if (!analysis) return;
    void this.run.useBucket(bucketForWidth({ from: Date.parse(analysis.from), to: Date.parse(analysis.to) }, width));
  }

  protected backToBox(): void {
    scrollTo({ top: 0 });
    this.focusBox();
  }

  protected shortcut(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null;
    const typing = target?.closest('input, textarea, select, [contenteditable]') != null;
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.backToBox();
  }

  /** An answered question is asked again at once; a new one waits for "Ask". */
  private askIfAnswered(): void {
    if (this.question() && !readTopic(this.draft()).problem) this.ask();
  }

  private go(question: Question): void {
    scrollTo({ top: 0 });
    void this.router.navigate([], { queryParams: writeUrl({ question, view: { ...this.view(), tab: 'answer' } }) });
  }

  private focusBox(): void {
    this.form()?.focus();
  }

  private shownPosts = '';
  private openPosts(id: string | undefined, order: 'NEWEST' | 'MOST_RETWEETED', complete: boolean): void {
    const shown = id === undefined ? '' : `${id} ${order} ${String(complete)}`;
    if (shown === this.shownPosts) return;
    const keep = id !== undefined && this.shownPosts.startsWith(`${id} ${order}`);
    this.shownPosts = shown;
    untracked(() => {
      if (id === undefined) this.posts.clear();
      else void this.posts.open(id, order, keep);
    });
  }

  private bucketFor({ interval }: Question): ReturnType<typeof bucketForWidth> {
    const hours = 'preset' in interval ? PRESET_HOURS[interval.preset] : (interval.to - interval.from) / 3_600_000;
    return bucketForWidth({ from: 0, to: hours * 3_600_000 }, answerWidth(document.documentElement.clientWidth));
  }
}
