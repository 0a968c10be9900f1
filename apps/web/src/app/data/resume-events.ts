import { Observable } from 'rxjs';

export interface ResumeOptions<T> {
  /** Opens the stream; `afterSeq` is the last sequence number seen, 0 at first. */
  readonly open: (afterSeq: number) => Observable<T>;
  /** Last number seen before, if any. */
  readonly from?: number;
  readonly seqOf: (event: T) => number;
  /** The event after which nothing comes any more. */
  readonly isLast: (event: T) => boolean;
  /** Told of each break, with how many came in a row. */
  readonly onBreak?: (attempt: number) => void;
  /** An error that another connection would only meet again. */
  readonly isFinal?: (error: unknown) => boolean;
  readonly delay?: (attempt: number) => number;
}

/** 0.5 s, 1 s, 2 s … 15 s */
export function backoff(attempt: number): number {
  return Math.min(15_000, 500 * 2 ** (attempt - 1));
}

/**
 * One stream of events over as many connections as it takes: after a break it asks from the last number seen, and what
 * comes twice is dropped. It completes with the last event only.
 */
export function resumeEvents<T>(options: ResumeOptions<T>): Observable<T> {
  const delay = options.delay ?? backoff;
  return new Observable<T>((subscriber) => {
    let seen = options.from ?? 0;
    let attempt = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let inner: { unsubscribe(): void } | undefined;

    const again = (): void => {
      if (subscriber.closed) return;
      attempt += 1;
      options.onBreak?.(attempt);
      timer = setTimeout(connect, delay(attempt));
    };
    const connect = (): void => {
      inner = options.open(seen).subscribe({
        next: (event) => {
          const seq = options.seqOf(event);
          if (seq <= seen) return;
          seen = seq;
          attempt = 0;
          subscriber.next(event);
          if (options.isLast(event)) subscriber.complete();
        },
        error: (error: unknown) => {
          if (options.isFinal?.(error)) subscriber.error(error);
          else again();
        },
        complete: again,
      });
      if (subscriber.closed) inner.unsubscribe();
    };
    connect();
    return () => {
      clearTimeout(timer);
      inner?.unsubscribe();
    };
  });
}
