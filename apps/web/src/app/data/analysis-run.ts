import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { CombinedGraphQLErrors } from '@apollo/client';
import { Apollo } from 'apollo-angular';
import { type Observable, type Subscription, firstValueFrom, map } from 'rxjs';
import { type Question, sameQuestion } from '../core/url-state';
import { randomKey } from '../core/random-key';
import { Clock } from '../core/clock';
import {
  type BucketSize,
  type EngineChoice,
  type IntervalInput,
  type IntervalPreset,
  type AnalysisEventsSubscription,
  AnalysisEventsDocument,
  AnalysisVolumeDocument,
  CancelAnalysisDocument,
  StartAnalysisDocument,
} from './generated/graphql';
import { errorCode, errorText } from './errors';
import { unwrap } from './unwrap';
import { resumeEvents } from './resume';
import { type Analysis, type Outage, type UserError, isOver, retryDelay } from './run';

const PRESET_ENUM: Record<string, IntervalPreset> = {
  '24h': 'LAST_24_HOURS',
  '3d': 'LAST_3_DAYS',
  '7d': 'LAST_7_DAYS',
};

/** The one question that is being asked: from the mutation to the last event, over breaks and retries. */
@Injectable({ providedIn: 'root' })
export class AnalysisRun {
  private readonly apollo = inject(Apollo);
  private readonly clock = inject(Clock);

  readonly question = signal<Question | null>(null);
  readonly analysis = signal<Analysis | null>(null);
  /** From where on the figures on the page are read: progress runs ahead of partial results. */
  readonly figuresFrom = signal<string | null>(null);
  readonly refusal = signal<UserError | null>(null);
  readonly outage = signal<Outage | null>(null);
  /** The stream of events is broken and will be taken up again. */
  readonly reconnecting = signal(false);
  readonly retryIn = computed(() => {
    const at = this.outage()?.retryAt;
    return at == null ? null : Math.max(0, Math.ceil((at - this.clock.now()) / 1_000));
  });

  private key = '';
  private bucket: BucketSize | null = null;
  private seen = 0;
  private asked = 0;
  private events: Subscription | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const retry = (): void => {
      if (this.outage()) this.retryNow();
    };
    addEventListener('online', retry);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', retry);
      this.stop();
    });
  }

  /** Asks; the same question again only if `again` is set. */
  ask(question: Question, bucket: BucketSize, again = false): void {
    if (!again && sameQuestion(question, this.question())) return;
    this.stop();
    this.question.set(question);
    this.analysis.set(null);
    this.refusal.set(null);
    this.outage.set(null);
    this.bucket = bucket;
    this.key = randomKey();
    void this.start([]);
  }

  clear(): void {
    this.stop();
    this.question.set(null);
    this.analysis.set(null);
    this.refusal.set(null);
    this.outage.set(null);
  }

  retryNow(): void {
    const tried = this.outage()?.tried ?? [];
    clearTimeout(this.retryTimer);
    void this.start(tried);
  }

  async cancel(): Promise<void> {
    const id = this.analysis()?.id;
    clearTimeout(this.retryTimer);
    if (id === undefined) return;
    try {
      await firstValueFrom(this.apollo.mutate({ mutation: CancelAnalysisDocument, variables: { id } }));
    } catch (error) {
      this.fail(errorCode(error), errorText(error), [], false);
    }
  }

  /** The chart got another width: the same answer in other buckets. */
  async useBucket(bucket: BucketSize): Promise<void> {
    const before = this.analysis();
    if (this.bucket === bucket || !before) return;
    this.bucket = bucket;
    if (!isOver(before)) {
      this.follow(before.id);
      return;
    }
    try {
      const variables = { id: before.id, bucket };
      const { data } = await firstValueFrom(this.apollo.query({ query: AnalysisVolumeDocument, variables }));
      const volume = data?.analysis?.result?.volume;
      const now = this.analysis();
      if (!volume || now?.id !== before.id || !now.result || this.bucket !== bucket) return;
      this.analysis.set({ ...now, result: { ...now.result, volume } });
    } catch {
      this.bucket = before.result?.volume.bucket ?? null; // the old bars stay; the next resize asks again
    }
  }

  private async start(tried: readonly number[]): Promise<void> {
    const question = this.question();
    if (!question) return;
    const asked = ++this.asked;
    const at = Date.now();
    try {
      const { data } = await firstValueFrom(
        this.apollo.mutate({
          mutation: StartAnalysisDocument,
          variables: { input: { ...inputOf(question), idempotencyKey: this.key }, bucket: this.bucket },
        }),
      );
      if (asked !== this.asked) return;
      const payload = data?.startAnalysis;
      const [refusal] = payload?.userErrors ?? [];
      if (refusal) this.refusal.set(refusal);
      else if (payload?.analysis) {
        this.outage.set(null);
        this.seen = 0;
        this.take(payload.analysis, [...tried, at]);
        if (!isOver(payload.analysis)) this.follow(payload.analysis.id, [...tried, at]);
      }
    } catch (error) {
      if (asked === this.asked) this.fail(errorCode(error), errorText(error), [...tried, at], true);
    }
  }

  private follow(id: string, tried: readonly number[] = []): void {
    this.events?.unsubscribe();
    const from = this.seen;
    this.events = resumeEvents<AnalysisEventsSubscription['analysisEvents']>({
      from,
      open: (afterSeq) => this.open(id, afterSeq),
      seqOf: (event) => event.seq,
      isLast: (event) => isOver(event.analysis),
      onBreak: () => {
        this.reconnecting.set(true);
      },
      isFinal: (error) => CombinedGraphQLErrors.is(error),
    }).subscribe({
      next: (event) => {
        this.seen = event.seq;
        this.reconnecting.set(false);
        this.take(event.analysis, tried);
      },
      error: (error: unknown) => {
        this.reconnecting.set(false);
        this.key = randomKey(); // this run cannot be followed any more
        this.fail('EVENTS_LOST', errorText(error), [...tried, Date.now()], true);
      },
    });
  }

  private open(id: string, afterSeq: number): Observable<AnalysisEventsSubscription['analysisEvents']> {
    return this.apollo
      .subscribe({
        query: AnalysisEventsDocument,
        variables: { id, afterSeq, bucket: this.bucket },
        fetchPolicy: 'no-cache',
      })
      .pipe(
        unwrap(),
        map((data) => data.analysisEvents),
      );
  }

  private take(next: Analysis, tried: readonly number[]): void {
    const before = this.analysis();
    // An event about progress alone keeps the figures that are already on the page.
    const result = next.result ?? (before?.id === next.id ? before.result : null);
    if (result && (before?.id !== next.id || result.elapsedMs !== before.result?.elapsedMs)) {
      this.figuresFrom.set(next.progress?.readFrom ?? null);
    }
    this.analysis.set({ ...next, result });
    if (next.status === 'FAILED' && next.error) {
      this.key = randomKey(); // the failed run is over: the next try is a new one
      this.fail(next.error.code, next.error.message, tried, next.error.retryable);
    }
  }

  private fail(code: string, reason: string, tried: readonly number[], retry: boolean): void {
    const wait = retry ? retryDelay(Math.max(1, tried.length)) : null;
    this.outage.set({ code, reason, tried, retryAt: wait === null ? null : Date.now() + wait });
    clearTimeout(this.retryTimer);
    if (wait !== null) {
      this.retryTimer = setTimeout(() => {
        void this.start(tried);
      }, wait);
    }
  }

  private stop(): void {
    this.asked += 1;
    clearTimeout(this.retryTimer);
    this.events?.unsubscribe();
    this.events = null;
    this.reconnecting.set(false);
  }
}

function inputOf(question: Question): {
  topic: string;
  interval: IntervalInput;
  timeZone: string;
  includeStopWords: boolean;
  includeRetweetWords: boolean;
  engine?: EngineChoice;
} {
  const { interval } = question;
  return {
    topic: question.topic,
    interval:
      'preset' in interval
        ? { preset: PRESET_ENUM[interval.preset] }
        : { from: new Date(interval.from).toISOString(), to: new Date(interval.to).toISOString() },
    timeZone: question.timeZone,
    includeStopWords: question.includeStopWords,
    includeRetweetWords: question.includeRetweetWords,
    ...(question.engine && { engine: question.engine }),
  };
}
