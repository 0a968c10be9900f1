import { type OperatorFunction, mergeMap, of, throwError } from 'rxjs';

/** The data of each result; its error ends the stream, as it is. */
export function unwrap<T>(): OperatorFunction<{ readonly data?: T | null; readonly error?: unknown }, T> {
  return mergeMap(({ data, error }) => {
    if (error !== undefined) return throwError(() => error);
    return data == null ? throwError(() => new Error('An event without data')) : of(data);
  });
}
