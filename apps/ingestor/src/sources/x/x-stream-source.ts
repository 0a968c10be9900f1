import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, snowflakeTime } from '@analytica/domain';
import type { GapCause, SourceReport } from '@analytica/domain/contracts';
import { isAborted } from '../is-aborted.js';
import type { CoverageEvent, Cursor, RawBatch, Source } from '../source.js';
import { forPeople } from './account.js';
import { causeOf, type Disconnection } from './disconnection.js';
import { POST_FIELDS } from './fields.js';
import { openStream } from './open-stream.js';
import { ReconnectSchedule } from './reconnect-schedule.js';
import { readStreamLine } from './stream-line.js';
import { StreamReader } from './stream-reader.js';
import { X_TIMINGS, type XTimings } from './timings.js';
import type { XAccountState } from './x-account-state.js';

export interface XStreamOptions {
  /** The source's name. */
  readonly name: string;
  /** The endpoint's path. */
  readonly path: string;
  readonly state: XAccountState;
  /** Whether the account's rules select its posts. */
  readonly hasRules: boolean;
  /** The arrival clock, epoch ms. */
  readonly now: () => number;
  readonly timings?: Partial<XTimings>;
  /** From [0, 1), for jitter. */
  readonly random?: () => number;
}

/** How a connection ended, and how long it stood; null where none was made. */
interface Ended {
  readonly end: Disconnection;
  readonly connectedMs: number | null;
}

/**
 * A stream of the X API v2: posts as they happen, over a connection that is made again whenever it breaks.
 * What was missed in between is told as coverage, by arrival time.
 */
export function createXStreamSource(options: XStreamOptions): Source {
  return new XStream(options);
}

class XStream implements Source {
  readonly name: string;
  readonly postSource = 'x';
  readonly shiftMs = 0;
  readonly importName = null;
  readonly #account: XAccountState;
  readonly #hasRules: boolean;
  readonly #path: string;
  readonly #now: () => number;
  readonly #timings: XTimings;
  readonly #random: () => number;
  readonly #reconnects = new Map<GapCause, number>();
  #state: 'STARTING' | 'LIVE' | 'WAITING' | 'FAILED' = 'STARTING';
  #since: number | null = null;
  /** What was told last of why there is no connection; null while there is one, or nothing was told yet. */
  #lostBy: GapCause | null = null;
  #problem: string | null = null;
  #nextTryAt = 0;
  #connections = 0;
  #lastId: string | null = null;
  #lagMs: number | null = null;

  constructor(options: XStreamOptions) {
    this.name = options.name;
    this.#account = options.state;
    this.#hasRules = options.hasRules;
    this.#path = `${options.path}?${new URLSearchParams(POST_FIELDS).toString()}`;
    this.#now = options.now;
    this.#timings = { ...X_TIMINGS, ...options.timings };
    this.#random = options.random ?? Math.random;
  }

  progress(): null {
    return null;
  }

  status(): SourceReport {
    return {
      state: this.#state,
      problems: [...(this.#problem === null ? [] : [this.#problem]), ...this.#account.problems],
      lagMs: this.#lagMs,
      connection: {
        host: this.#account.account.apiUrl.host,
        since: this.#since,
        lastPostAt: this.#lastId === null ? null : snowflakeTime(this.#lastId),
        reconnects: [...this.#reconnects].map(([cause, count]) => ({ cause, count })),
      },
      rules: this.#hasRules ? this.#account.ruleStatus : null,
      usage: this.#account.usage.status,
    };
  }

  async *batches(resume: Cursor | null, signal: AbortSignal): AsyncGenerator<RawBatch> {
    this.#restore(resume);
    signal.addEventListener('abort', () => this.#account.api.close(), { once: true });
    const schedule = new ReconnectSchedule(this.#timings, this.#random);
    while (!signal.aborted) {
      if (!(yield* this.#mayRead(signal))) continue;
      schedule.connecting(this.#now());
      const { end, connectedMs } = yield* this.#connection(signal);
      if (isAborted(signal)) return;
      if (end.type === 'refused') throw this.#refused(end.detail);
      if (end.type === 'usage-limit') continue;
      const delay = schedule.delayAfter(end, connectedMs, this.#now());
      this.#waiting(end, connectedMs, delay);
      await sleep(delay, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Waits while the limit of what may be used is reached. @returns whether a connection may be made now. */
  async *#mayRead(signal: AbortSignal): AsyncGenerator<RawBatch, boolean> {
    const { usage } = this.#account;
    if (usage.hasLimit) await this.#account.refreshUsage();
    if (usage.left > 0) return !signal.aborted;
    this.#state = 'WAITING';
    this.#problem = null;
    yield* this.#notCapturing('USAGE_LIMIT');
    await sleep(this.#timings.limitCheckMs, undefined, { signal }).catch(() => undefined);
    return false;
  }

  /** Tells why nothing is captured while there is no connection, where that is news: a network that is away says nothing new. */
  *#notCapturing(cause: GapCause): Generator<RawBatch> {
    if (this.#lostBy !== null && (cause === this.#lostBy || cause === 'DISCONNECTED')) return;
    this.#lostBy = cause;
    yield this.#batch([], { type: 'ended', at: this.#now(), cause });
  }

  /** One connection, from the request to its end. */
  async *#connection(signal: AbortSignal): AsyncGenerator<RawBatch, Ended> {
    const opened = await openStream(this.#account.account, this.#path, this.#timings.answerMs, signal);
    if ('failure' in opened) {
      const { failure: end } = opened;
      if (!signal.aborted) yield* this.#notCapturing(causeOf(end));
      return { end, connectedMs: null };
    }
    const reader = new StreamReader(opened.response, { ...this.#timings, now: this.#now });
    const openedAt = performance.now();
    this.#connected();
    try {
      yield this.#batch([], { type: 'began', at: this.#now() });
      const end = yield* this.#read(reader, signal);
      return { end, connectedMs: performance.now() - openedAt };
    } finally {
      this.#since = null;
      reader.close();
    }
  }

  async *#read(reader: StreamReader, signal: AbortSignal): AsyncGenerator<RawBatch, Disconnection> {
    let reachedAt = this.#now();
    for (;;) {
      const { lines, at, isCaughtUp, end: broken } = await reader.read();
      if (signal.aborted) return { type: 'network', detail: 'capture stops' };
      const end = this.#look(lines, at) ?? broken ?? this.#spent();
      this.#refresh();
      if (isCaughtUp) reachedAt = at;
      if (end === null) yield this.#batch(lines, { type: 'reached', at: reachedAt });
      else {
        const cause = causeOf(end);
        this.#lostBy = cause;
        this.#count(cause);
        yield this.#batch(lines, { type: 'ended', at: reachedAt, cause });
        return end;
      }
    }
  }

  /** Notes what came. @returns what X said where one of the lines ends the connection. */
  #look(lines: readonly Buffer[], at: number): Disconnection | null {
    let end: Disconnection | null = null;
    for (const line of lines) {
      const { ids, disconnect } = readStreamLine(line);
      if (disconnect !== null) end ??= { type: 'platform', detail: forPeople(disconnect, this.#account.account) };
      this.#account.usage.count(this.name, ids);
      this.#lastId = ids.at(-1) ?? this.#lastId;
    }
    const createdAt = this.#lastId === null ? null : snowflakeTime(this.#lastId);
    if (lines.length > 0 && createdAt !== null) this.#lagMs = Math.max(0, at - createdAt);
    return end;
  }

  #spent(): Disconnection | null {
    return this.#account.usage.left > 0 ? null : { type: 'usage-limit', detail: 'the limit of posts is reached' };
  }

  /** Nobody waits for it. */
  #refresh(): void {
    void this.#account.refreshUsage();
    if (this.#hasRules) void this.#account.refreshRules();
  }

  #batch(lines: readonly Buffer[], coverage: CoverageEvent): RawBatch {
    const usage = this.#account.usage.cursorOf(this.name);
    const cursor: Cursor = { lastId: this.#lastId, connections: this.#connections, ...usage };
    return { lines, arrivedAt: this.#now(), path: 'stream', cursor, coverage: [coverage] };
  }

  #restore(resume: Cursor | null): void {
    const { lastId, connections } = resume ?? {};
    if (typeof lastId === 'string' && /^[0-9]{1,20}$/.test(lastId)) this.#lastId ??= lastId;
    this.#account.usage.restore(this.name, resume);
    if (typeof connections === 'number') this.#connections = Math.max(this.#connections, connections);
  }

  #connected(): void {
    this.#connections += 1;
    this.#state = 'LIVE';
    this.#since = this.#now();
    this.#lostBy = null;
    this.#problem = null;
    this.#refresh();
  }

  #count(cause: GapCause): void {
    this.#reconnects.set(cause, (this.#reconnects.get(cause) ?? 0) + 1);
  }

  #waiting(end: Disconnection, connectedMs: number | null, delay: number): void {
    this.#state = 'WAITING';
    this.#nextTryAt = this.#now() + delay;
    // What is mended at once is no problem, but a line in the connection's counts.
    if (connectedMs !== null && delay === 0) return;
    const next = `it tries again at ${new Date(this.#nextTryAt).toISOString().slice(11, 19)} UTC`;
    this.#problem = `${this.name} has no connection to X: ${sentencePart(end, this.name)}; ${next}.`;
  }

  #refused(detail: string): AppError {
    this.#state = 'FAILED';
    this.#problem = null;
    return new AppError(
      'SOURCE_UNREADABLE',
      `X refuses ${this.name} (${detail}): check the bearer token and what its app may do, in X's developer console, then start again.`,
    );
  }
}

/** TypeScript believes that a signal which was not aborted stays so. */
function sentencePart(end: Disconnection, name: string): string {
  switch (end.type) {
    case 'http':
      return end.status === 409
        ? `there are no rules yet (npm run rules -- set FILE; X says "${end.detail}")`
        : `X answered with ${end.detail}`;
    case 'rate-limited':
      return end.isUsageCap
        ? `the monthly cap of the X account is reached (${end.detail})`
        : `X asks ${name} to wait (${end.detail})`;
    case 'platform':
      return `X ended the connection (${end.detail})`;
    default:
      return end.detail;
  }
}
