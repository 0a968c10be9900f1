import { Observable } from 'rxjs';

export interface ResumeOptions<T> {
  /** Opens the stream; `afterSeq` is the last sequence number seen, 0 at first. */
  readonly open: (afterSeq: number) => Observable<T>;
  /** The last sequence number seen earlier; 0 by default. */
  readonly from?: number;
  readonly seqOf: (event: T) => number;
  /** Whether no event follows this one. */
  readonly isLast: (event: T) => boolean;
  /** Called at each break with the number of breaks in a row. */
  readonly onBreak?: (attempt: number) => void;
  /** Whether another connection would get the same error. */
  readonly isFinal?: (error: unknown) => boolean;
  readonly delay?: (attempt: number) => number;
}

/** Milliseconds until the next connection: 0.5 s, 1 s, 2 s, up to 15 s. */
export function reconnectDelay(attempt: number): number {
  return Math.min(15_000, 500 * 2 ** (attempt - 1));
}

/**
 * One stream of events over any number of connections. After a break it continues from the last sequence number seen and
 * drops events that come again. It completes with the last event only.
 */
export function resumeEvents<T>(options: ResumeOptions<T>): Observable<T> {
  const delay = options.delay ?? reconnectDelay;
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
