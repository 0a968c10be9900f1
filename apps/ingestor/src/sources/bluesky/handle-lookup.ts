import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { fetchHandles, handleOf, MAX_ACTORS, type Profiles } from './app-view.js';
import type { Protocol } from './endpoint.js';
import { glanceAtDid, mayHaveAuthor, mayTellHandle, readHead } from './frame-reader.js';
import type { HandleBook } from './handle-book.js';

/** Names kept; about 20 MB. */
const MAX_KNOWN = 100_000;
/** Authors that wait to be looked up; more are asked for when they write again. */
const MAX_WANTED = 1000;
/** More unknown authors than this are not waited for: their answers would come too late. */
const MAX_AWAITED = 4 * MAX_ACTORS;
const MAX_CALLS = 3;
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,256}$/;

export interface HandleTimes {
  /** How long posts wait for their authors' names at most. */
  readonly waitMs: number;
  /** Between two calls: the AppView allows 3,000 in five minutes. */
  readonly callMs: number;
  /** After a failure, doubling. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
}

export const HANDLE_TIMES: HandleTimes = { waitMs: 250, callMs: 125, firstRetryMs: 5000, lastRetryMs: 300_000 };

/** Names of authors, from identity events and from the AppView, kept as far as they fit. */
export class HandleLookup implements HandleBook {
  readonly #ask: (dids: readonly string[], signal: AbortSignal) => Promise<Profiles>;
  readonly #host: string;
  readonly #times: HandleTimes;
  /** The empty text stands for an author without a name. */
  readonly #known = new LRUCache<string, string>({ max: MAX_KNOWN });
  readonly #wanted = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #closed = new AbortController();
  #answered = Promise.withResolvers<undefined>();
  #calls = 0;
  #nextCall = 0;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #problem: string | null = null;

  /** @param appView - base URL. */
  constructor(appView: string, times: HandleTimes = HANDLE_TIMES) {
    this.#host = new URL(appView).host;
    this.#ask = (dids, signal) => fetchHandles(appView, dids, signal);
    this.#times = times;
  }

  get problem(): string | null {
    return this.#problem;
  }

  async of(events: readonly Buffer[], mayWait: boolean): Promise<ReadonlyMap<string, string>> {
    const authors = new Set<string>();
    for (const event of events) {
      if (mayTellHandle(event)) this.#learn(event);
      else if (mayHaveAuthor(event)) {
        const did = glanceAtDid(event);
        if (did !== null && DID.test(did)) authors.add(did);
      }
    }
    const unknown = [...authors].filter((did) => this.#known.get(did) === undefined);
    for (const did of unknown) this.#want(did);
    if (mayWait && unknown.length > 0) await this.#settle(unknown);
    return new Map(
      [...authors].flatMap((did) => {
        const handle = this.#known.peek(did);
        return handle === undefined || handle === '' ? [] : [[did, handle] as const];
      }),
    );
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.#answered.resolve(undefined);
  }

  #learn(event: Buffer): void {
    for (const protocol of ['v1', 'v2'] satisfies Protocol[]) {
      const head = readHead(event, protocol);
      if (head?.did == null || head.handle === undefined) continue;
      const handle = handleOf(head.handle);
      // An identity event without a name says that it may be another one now.
      if (handle === null) this.#known.delete(head.did);
      else this.#known.set(head.did, handle);
    }
  }

  #want(did: string): void {
    if (this.#asked.has(did) || this.#wanted.size >= MAX_WANTED) return;
    this.#wanted.add(did);
    this.#schedule();
  }

  /** Waits until these are answered, but no longer than posts may wait, and not while answers are late anyway. */
  async #settle(dids: readonly string[]): Promise<void> {
    if (this.#failures > 0 || this.#wanted.size + this.#asked.size > MAX_AWAITED) return;
    const late = performance.now() + this.#times.waitMs;
    const isOpen = (did: string): boolean => this.#wanted.has(did) || this.#asked.has(did);
    for (let left = this.#times.waitMs; left > 0 && dids.some(isOpen); left = late - performance.now()) {
      if (this.#closed.signal.aborted) return;
      const timer = new AbortController();
      const until = sleep(left, undefined, { signal: timer.signal }).catch(() => undefined);
      await Promise.race([this.#answered.promise, until]);
      timer.abort();
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#closed.signal.aborted) return;
    if (this.#wanted.size === 0 || this.#calls >= MAX_CALLS) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#call();
      },
      Math.max(0, this.#nextCall - performance.now()),
    );
  }

  async #call(): Promise<void> {
    const dids = [...this.#wanted].slice(0, MAX_ACTORS);
    if (dids.length === 0) return;
    for (const did of dids) {
      this.#wanted.delete(did);
      this.#asked.add(did);
    }
    this.#calls += 1;
    this.#nextCall = performance.now() + this.#times.callMs;
    this.#schedule();
    const answer = await this.#ask(dids, this.#closed.signal);
    this.#calls -= 1;
    for (const did of dids) this.#asked.delete(did);
    if (answer.ok) this.#succeeded(dids, answer.handles);
    else this.#failed(answer);
    const answered = this.#answered;
    this.#answered = Promise.withResolvers();
    answered.resolve(undefined);
    this.#schedule();
  }

  #succeeded(dids: readonly string[], handles: ReadonlyMap<string, string>): void {
    this.#failures = 0;
    this.#problem = null;
    for (const did of dids) this.#known.set(did, handles.get(did) ?? '');
  }

  #failed({ reason, retryAfterMs }: Extract<Profiles, { ok: false }>): void {
    if (this.#closed.signal.aborted) return;
    const { firstRetryMs, lastRetryMs } = this.#times;
    const delay = retryAfterMs ?? Math.min(lastRetryMs, firstRetryMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#nextCall = performance.now() + delay;
    this.#problem = `Bluesky: names of authors cannot be looked up at ${this.#host}: ${reason}. Posts are captured without them.`;
    // Those who write again are asked for again.
    this.#wanted.clear();
  }
}
