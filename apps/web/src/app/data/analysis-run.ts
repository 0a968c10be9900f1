import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { CombinedGraphQLErrors } from '@apollo/client';
import { Apollo } from 'apollo-angular';
import { type Observable, type Subscription, firstValueFrom, map } from 'rxjs';
import { Clock } from '../core/clock';
import { type Question, isSameQuestion } from '../core/question';
import { randomKey } from '../core/random-key';
import { type Analysis, type UserError, isOver } from './analysis';
import { errorCode, errorText } from './errors';
import {
  AnalysisEventsDocument,
  type AnalysisEventsSubscription,
  AnalysisVolumeDocument,
  type BucketSize,
  CancelAnalysisDocument,
  StartAnalysisDocument,
} from './generated/graphql';
import { type Outage, retryDelay } from './outage';
import { resumeEvents } from './resume-events';
import { startInput } from './start-input';
import { unwrap } from './unwrap';

type AnalysisEvent = AnalysisEventsSubscription['analysisEvents'];

/** One question at a time, from the mutation to the last event, over breaks and retries. Each page provides its own. */
@Injectable()
export class AnalysisRun {
  readonly #apollo = inject(Apollo);
  readonly #clock = inject(Clock);

  readonly #question = signal<Question | null>(null);
  readonly question = this.#question.asReadonly();
  readonly #analysis = signal<Analysis | null>(null);
  readonly analysis = this.#analysis.asReadonly();
  /** Since when posts are in the figures that are shown: progress runs ahead of partial results. */
  readonly #figuresFrom = signal<string | null>(null);
  readonly figuresFrom = this.#figuresFrom.asReadonly();
  readonly #refusal = signal<UserError | null>(null);
  /** Why the server does not take the question. */
  readonly refusal = this.#refusal.asReadonly();
  readonly #outage = signal<Outage | null>(null);
  readonly outage = this.#outage.asReadonly();
  readonly #reconnecting = signal(false);
  /** The stream of events is broken and will be resumed. */
  readonly reconnecting = this.#reconnecting.asReadonly();
  /** Seconds until the question is asked again by itself. */
  readonly retryIn = computed(() => {
    const at = this.#outage()?.retryAt;
    return at == null ? null : Math.max(0, Math.ceil((at - this.#clock.now()) / 1_000));
  });

  #key = '';
  #bucket: BucketSize | null = null;
  #lastSeq = 0;
  /** Counts requests, so that the response to an earlier one is left out. */
  #request = 0;
  #events: Subscription | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const retry = (): void => {
      if (this.#outage()) this.retryNow();
    };
    addEventListener('online', retry);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', retry);
      this.#stop();
    });
  }

  /** Asks a question. The same question is asked again only if `again` is set. */
  ask(question: Question, bucket: BucketSize, again = false): void {
    if (!again && isSameQuestion(question, this.#question())) return;
    this.#reset(question);
    this.#bucket = bucket;
    this.#key = randomKey();
    void this.#start([]);
  }

  clear(): void {
    this.#reset(null);
  }

  retryNow(): void {
    clearTimeout(this.#retryTimer);
    void this.#start(this.#outage()?.attempts ?? []);
  }

  async cancel(): Promise<void> {
    const id = this.#analysis()?.id;
    clearTimeout(this.#retryTimer);
    if (id === undefined) return;
    const request = this.#request;
    try {
      await firstValueFrom(this.#apollo.mutate({ mutation: CancelAnalysisDocument, variables: { id } }));
    } catch (error) {
      if (request === this.#request) this.#fail(errorCode(error), errorText(error), [], false);
    }
  }

  /** Shows the same answer in buckets of another size. */
  async useBucket(bucket: BucketSize): Promise<void> {
    const before = this.#analysis();
    if (this.#bucket === bucket || !before) return;
    this.#bucket = bucket;
    if (!isOver(before)) {
      this.#follow(before.id);
      return;
    }
    try {
      const variables = { id: before.id, bucket };
      const { data } = await firstValueFrom(this.#apollo.query({ query: AnalysisVolumeDocument, variables }));
      const volume = data?.analysis?.result?.volume;
      const now = this.#analysis();
      if (!volume || now?.id !== before.id || !now.result || this.#bucket !== bucket) return;
      this.#analysis.set({ ...now, result: { ...now.result, volume } });
    } catch {
      this.#bucket = before.result?.volume.bucket ?? null; // the old bars stay; the next resize asks again
    }
  }

  async #start(earlier: readonly number[]): Promise<void> {
    const question = this.#question();
    if (!question) return;
    const request = ++this.#request;
    const attempts = [...earlier, Date.now()];
    const variables = { input: startInput(question, this.#key), bucket: this.#bucket };
    try {
      const { data } = await firstValueFrom(this.#apollo.mutate({ mutation: StartAnalysisDocument, variables }));
      if (request !== this.#request) return;
      const payload = data?.startAnalysis;
      const [refusal] = payload?.userErrors ?? [];
      if (refusal) this.#refusal.set(refusal);
      else if (payload?.analysis) {
        this.#outage.set(null);
        this.#lastSeq = 0;
        this.#apply(payload.analysis, attempts);
        if (!isOver(payload.analysis)) this.#follow(payload.analysis.id, attempts);
      }
    } catch (error) {
      if (request === this.#request) this.#fail(errorCode(error), errorText(error), attempts, true);
    }
  }

  #follow(id: string, attempts: readonly number[] = []): void {
    this.#events?.unsubscribe();
    this.#events = resumeEvents<AnalysisEvent>({
      from: this.#lastSeq,
      open: (afterSeq) => this.#open(id, afterSeq),
      seqOf: (event) => event.seq,
      isLast: (event) => isOver(event.analysis),
      onBreak: () => {
        this.#reconnecting.set(true);
      },
      isFinal: (error) => CombinedGraphQLErrors.is(error),
    }).subscribe({
      next: (event) => {
        this.#lastSeq = event.seq;
        this.#reconnecting.set(false);
        this.#apply(event.analysis, attempts);
      },
      error: (error: unknown) => {
        this.#reconnecting.set(false);
        this.#key = randomKey(); // this run cannot be followed any more
        this.#fail('EVENTS_LOST', errorText(error), [...attempts, Date.now()], true);
      },
    });
  }

  #open(id: string, afterSeq: number): Observable<AnalysisEvent> {
    const variables = { id, afterSeq, bucket: this.#bucket };
    return this.#apollo.subscribe({ query: AnalysisEventsDocument, variables, fetchPolicy: 'no-cache' }).pipe(
      unwrap(),
      map((data) => data.analysisEvents),
    );
  }

  #apply(next: Analysis, attempts: readonly number[]): void {
    const before = this.#analysis();
    // An event about progress alone keeps the figures that are already on the page.
    const result = next.result ?? (before?.id === next.id ? before.result : null);
    if (result && (before?.id !== next.id || result.elapsedMs !== before.result?.elapsedMs)) {
      this.#figuresFrom.set(next.progress?.readFrom ?? null);
    }
    this.#analysis.set({ ...next, result });
    if (next.status === 'FAILED' && next.error) {
      this.#key = randomKey(); // the failed run is over: the next attempt is a new one
      this.#fail(next.error.code, next.error.message, attempts, next.error.retryable);
    }
  }

  #fail(code: string, reason: string, attempts: readonly number[], retry: boolean): void {
    const delay = retry ? retryDelay(Math.max(1, attempts.length)) : null;
    this.#outage.set({ code, reason, attempts, retryAt: delay === null ? null : Date.now() + delay });
    clearTimeout(this.#retryTimer);
    if (delay === null) return;
    this.#retryTimer = setTimeout(() => {
      void this.#start(attempts);
    }, delay);
  }

  #reset(question: Question | null): void {
    this.#stop();
    this.#question.set(question);
    this.#analysis.set(null);
    this.#refusal.set(null);
    this.#outage.set(null);
  }

  /** Nothing that was begun has an effect any more. */
  #stop(): void {
    this.#request += 1;
    clearTimeout(this.#retryTimer);
    this.#events?.unsubscribe();
    this.#events = null;
    this.#reconnecting.set(false);
  }
}
