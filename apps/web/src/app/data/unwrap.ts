import { type OperatorFunction, mergeMap, of, throwError } from 'rxjs';

/** The data of each result. An error in a result becomes the error of the stream. */
export function unwrap<T>(): OperatorFunction<{ readonly data?: T | null; readonly error?: unknown }, T> {
  return mergeMap(({ data, error }) => {
    if (error !== undefined) return throwError(() => error);
    return data == null ? throwError(() => new Error('An event without data')) : of(data);
  });
}
