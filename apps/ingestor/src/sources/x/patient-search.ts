import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@analytica/domain';
import type { SearchTimings } from './search-timings.js';
import { type SearchPage, type SearchSpan, type XApi, XApiError, type XRule } from './x-api.js';

/**
 * Asks X's search no more often than X allows, and again while X does not answer. Each call throws the reason of `signal` once that
 * aborts, XApiError with status 400 where X does not understand the query, and AppError where X refuses the account.
 */
export class PatientSearch {
  readonly #api: XApi;
  readonly #timings: SearchTimings;
  readonly #onProblem: (problem: string | null) => void;
  #lastPage = -Infinity;
  #lastCount = -Infinity;

  /** @param onProblem - gets a sentence while X does not answer, and null once it does. */
  constructor(api: XApi, timings: SearchTimings, onProblem: (problem: string | null) => void) {
    this.#api = api;
    this.#timings = timings;
    this.#onProblem = onProblem;
  }

  rules(signal: AbortSignal): Promise<readonly XRule[]> {
    return this.#ask(() => this.#api.rules(), signal);
  }

  async count(span: SearchSpan, signal: AbortSignal): Promise<number> {
    return this.#ask(async () => {
      await pause(this.#lastCount + this.#timings.countEveryMs - performance.now(), signal);
      this.#lastCount = performance.now();
      return this.#api.recentCount(span);
    }, signal);
  }

  async page(span: SearchSpan, token: string | null, signal: AbortSignal): Promise<SearchPage> {
    return this.#ask(async () => {
      await pause(this.#lastPage + this.#timings.pageEveryMs - performance.now(), signal);
      this.#lastPage = performance.now();
      return this.#api.searchPage(span, token);
    }, signal);
  }

  async #ask<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { retryFirstMs, retryMaxMs, rateFirstMs } = this.#timings;
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      try {
        const answer = await request();
        this.#onProblem(null);
        return answer;
      } catch (error) {
        if (!(error instanceof XApiError)) throw error;
        if (error.status === 401 || error.status === 403) throw refused(error);
        if (!error.retryable) throw error;
        const first = error.status === 429 ? rateFirstMs : retryFirstMs;
        const doubled = Math.min(first * 2 ** tries, Math.max(first, retryMaxMs));
        const delay = Math.max(error.resetsAt === null ? doubled : error.resetsAt - Date.now(), retryFirstMs);
        this.#onProblem(`X's search does not answer: ${error.message}. It is asked again.`);
        await pause(delay, signal);
      }
    }
  }
}

/** @throws the reason of `signal` once that aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal });
  signal.throwIfAborted();
}

function refused(error: XApiError): AppError {
  return new AppError(
    'SOURCE_UNREADABLE',
    `X refuses x-search (${error.message}): check the bearer token and what its app may do, in X's developer console, then start again.`,
  );
}
