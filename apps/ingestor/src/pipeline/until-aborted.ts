/**
 * Waits for `work`, but no longer than until `signal` aborts. A race with one promise for the whole life of a source would keep every
 * outcome in memory; here nothing is left behind.
 * @returns what `work` gives, or null once `signal` has aborted. @throws what `work` throws before that.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const end = (): void => signal.removeEventListener('abort', onAbort);
    const onAbort = (): void => {
      end();
      resolve(null);
    };
    if (signal.aborted) {
      resolve(null);
      work.catch(() => undefined);
      return;
    }
    signal.addEventListener('abort', onAbort);
    work.then(
      (value) => {
        end();
        resolve(value);
      },
      (error: unknown) => {
        end();
        // Whatever the work throws is passed on as it is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error);
      },
    );
  });
}
