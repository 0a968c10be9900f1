import { setTimeout as sleep } from 'node:timers/promises';
import type { GapCause, SourceReport } from '@analytica/domain/contracts';
import { isAborted } from '../is-aborted.js';
import type { CoverageEvent, Cursor, RawBatch, Source } from '../source.js';
import { type ConnectionEnd, type ConnectionTimes, JetstreamConnection, MAX_FRAME_BYTES } from './connection.js';
import { EventTimeCoverage } from './coverage.js';
import { type Endpoint, subscriptionUrl } from './endpoint.js';
import { type EventHead, mayBePost, readHead } from './frame-reader.js';
import { NO_HANDLES, type HandleBook } from './handle-book.js';
import { cursorOf, type Position, positionOf, type Resumption, resumptionOf } from './position.js';
import { type RetryTimes, ServerChoice } from './server-choice.js';

export interface BlueskyTimes extends ConnectionTimes, RetryTimes {
  /** Without frames for so long, the source says up to when it captured. */
  readonly idleMs: number;
  /** A connection that stood so long worked. */
  readonly workedMs: number;
}

/** Servers ping every 30 s at most; ours are more frequent, so that two can be lost within the time of a stall. */
export function blueskyTimes(stallMs: number): BlueskyTimes {
  return {
    ...{ batchMs: 20, idleMs: 2000, workedMs: 5000, handshakeMs: 15_000 },
    ...{ stallMs, pingMs: stallMs / 3, quietMs: 5 * stallMs },
    ...{ firstMs: 500, lastMs: 30_000, refusedMs: 60_000 },
  };
}

export interface BlueskyOptions {
  readonly endpoints: readonly Endpoint[];
  /** The time of arrival, epoch ms. */
  readonly now: () => number;
  readonly times: BlueskyTimes;
  readonly handles?: HandleBook;
  /** From [0, 1). */
  readonly random?: () => number;
}

/** A newest event no older than this is taken for one that happens now. */
const LIVE_LAG_MS = 10_000;
const MAX_WAITING_FOR_HANDLES = 200;
/** What stands in the place of an event that could not be received; it becomes a dead letter. */
const OVERSIZED = Buffer.from(`An event of more than ${MAX_FRAME_BYTES} bytes, which was not received.`);

/** Posts and reposts of Bluesky as they happen, from a Jetstream server; it goes on at the cursor, at another server if need be. */
export function createBlueskySource(options: BlueskyOptions): Source {
  return new BlueskySource(options);
}

class BlueskySource implements Source {
  readonly name = 'bluesky';
  readonly postSource = 'bluesky';
  readonly shiftMs = 0;
  readonly importName = null;
  readonly #options: BlueskyOptions;
  readonly #handles: HandleBook;
  readonly #reconnects = new Map<GapCause, number>();
  #coverage = new EventTimeCoverage();
  #servers: ServerChoice | null = null;
  #position: Position | null = null;
  #host: string;
  #since: number | null = null;
  #lastPostAt: number | null = null;
  #hasBegun = false;
  #isCaughtUp = false;
  #lastEnd: (ConnectionEnd & { readonly host: string }) | null = null;
  #goesByTime = false;
  /** When an event came last that was too large to be received, epoch ms. */
  #oversizedAt = -Infinity;

  constructor(options: BlueskyOptions) {
    this.#options = options;
    this.#handles = options.handles ?? NO_HANDLES;
    this.#host = options.endpoints[0]?.host ?? '';
  }

  progress(): null {
    return null;
  }

  status(): SourceReport {
    const { now } = this.#options;
    return {
      state: this.#state(),
      problems: [this.#connectionProblem(), this.#handles.problem].filter((problem) => problem !== null),
      lagMs: this.#position === null ? null : Math.max(0, now() - this.#position.reached),
      connection: {
        host: this.#host,
        since: this.#since,
        lastPostAt: this.#lastPostAt,
        reconnects: [...this.#reconnects].map(([cause, count]) => ({ cause, count })),
      },
    };
  }

  async *batches(resume: Cursor | null, signal: AbortSignal): AsyncGenerator<RawBatch> {
    const { endpoints, times, random = Math.random } = this.#options;
    this.#position = positionOf(resume);
    this.#coverage = new EventTimeCoverage();
    signal.addEventListener('abort', () => this.#handles.close(), { once: true });
    this.#servers ??= new ServerChoice(endpoints, this.#position?.endpoint ?? null, times, random);
    while (!signal.aborted) {
      const { endpoint, waitMs } = this.#servers.next(performance.now());
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      // What the abort left is not asked for again.
      if (isAborted(signal)) return;
      yield* this.#connect(endpoint, this.#servers, signal);
    }
  }

  async *#connect(endpoint: Endpoint, servers: ServerChoice, signal: AbortSignal): AsyncGenerator<RawBatch> {
    const { times, now } = this.#options;
    const asked = this.#position === null ? null : resumptionOf(this.#position, endpoint, this.#goesByTime);
    // Where it lies ahead, the server leaves it out; no later one is left out in silence.
    const isAhead = asked !== null && asked.from <= this.#oversizedAt;
    const url = subscriptionUrl(endpoint, asked?.cursor ?? null, isAhead ? MAX_FRAME_BYTES : null);
    this.#host = endpoint.host;
    const connection = new JetstreamConnection(endpoint, url, times, now);
    const onAbort = (): void => connection.close();
    signal.addEventListener('abort', onAbort);
    const began = performance.now();
    try {
      if (await connection.opened) {
        this.#since = now();
        // Should it break before the first event, nothing is lost all the same: the next one goes on here.
        this.#position ??= { endpoint: endpoint.id, timeUs: this.#since * 1000, seq: null, reached: this.#since };
        const isNumberedAnew = yield* this.#follow(connection, endpoint, asked, this.#since);
        // Its numbers say nothing of what it gave before: the time does.
        if (isNumberedAnew) this.#goesByTime = true;
        if (isNumberedAnew) return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      connection.close();
      this.#since = null;
    }
    const { end } = connection;
    if (end === null || signal.aborted) return;
    if (end.refusal?.error === 'CursorTooOld' && !this.#goesByTime) {
      // By time the server begins with the oldest that it has, and that tells what is missing.
      this.#goesByTime = true;
      servers.worked();
      return;
    }
    const hadBegun = this.#coverage.isOpen;
    const coverage = this.#coverage.end(end.cause, now());
    if (performance.now() - began >= times.workedMs && hadBegun) servers.worked();
    servers.failed(end, performance.now());
    this.#lastEnd = { ...end, host: endpoint.host };
    this.#reconnects.set(end.cause, (this.#reconnects.get(end.cause) ?? 0) + 1);
    if (end.hadOversizedFrame) this.#oversizedAt = now();
    if (coverage.length > 0 || end.hadOversizedFrame) {
      yield await this.#batch(end.hadOversizedFrame ? [OVERSIZED] : [], coverage);
    }
  }

  /** Hands on what a connection gives until it ends. @returns whether the server numbers its events anew. */
  async *#follow(
    connection: JetstreamConnection,
    endpoint: Endpoint,
    asked: Resumption | null,
    openedAt: number,
  ): AsyncGenerator<RawBatch, boolean> {
    let hasBegun = false;
    let isFirst = true;
    for (;;) {
      let lines = await connection.take(this.#options.times.idleMs);
      if (lines === null) return false;
      const coverage: CoverageEvent[] = [];
      const first = isFirst ? firstHead(lines, endpoint) : null;
      if (first !== null && asked?.isSeq === true && first.seq !== null) {
        if (first.seq < asked.cursor) return true;
        // The event at the cursor comes again; it was counted.
        if (first.seq === asked.cursor) lines = lines.toSpliced(first.index, 1);
      }
      // Without an event, a server that goes on at a cursor may still be looking for its place.
      if (!hasBegun && (first !== null || asked === null)) {
        coverage.push(...this.#begin(connection, asked, first, openedAt));
        hasBegun = true;
      }
      if (first !== null) isFirst = false;
      if (lines.length > 0) this.#advance(lines, endpoint);
      else if (hasBegun) this.#idle(connection);
      if (this.#position !== null) coverage.push(...this.#coverage.reach(this.#position.reached));
      // Where much is waiting, it is not kept waiting for names.
      const mayWait = this.#isCaughtUp && connection.waiting < MAX_WAITING_FOR_HANDLES;
      if (lines.length > 0 || coverage.length > 0) yield await this.#batch(lines, coverage, mayWait);
    }
  }

  #begin(
    { isCursorOutdated: isOutdated }: JetstreamConnection,
    asked: Resumption | null,
    first: EventHead | null,
    openedAt: number,
  ): readonly CoverageEvent[] {
    this.#hasBegun = true;
    this.#lastEnd = null;
    this.#goesByTime = false;
    const firstEvent = first === null ? null : msOf(first);
    const { reached = null } = this.#position ?? {};
    return this.#coverage.begin({ askedFrom: asked?.from ?? null, reached, firstEvent, openedAt, isOutdated });
  }

  /** Stands after the last of these events. */
  #advance(lines: readonly Buffer[], endpoint: Endpoint): void {
    const last = lastHead(lines, endpoint, () => true);
    if (last !== null) {
      const { timeUs, seq } = last;
      const reached = Math.max(this.#position?.reached ?? 0, Math.min(msOf(last), this.#options.now()));
      this.#position = { endpoint: endpoint.id, timeUs, seq, reached };
      this.#isCaughtUp = this.#options.now() - msOf(last) <= LIVE_LAG_MS;
    }
    const post = last?.isPost === true ? last : lastHead(lines, endpoint, mayBePost);
    if (post?.isPost === true) this.#lastPostAt = Math.max(this.#lastPostAt ?? 0, msOf(post));
  }

  /** Nothing came of a connection that gives all: where the newest event was one of now, nothing happened up to the last sign of life. */
  #idle({ aliveAt }: JetstreamConnection): void {
    const position = this.#position;
    if (position === null || aliveAt === null || aliveAt <= position.reached) return;
    if (this.#isCaughtUp) this.#position = { ...position, reached: aliveAt };
  }

  async #batch(lines: readonly Buffer[], coverage: readonly CoverageEvent[], mayWait = false): Promise<RawBatch> {
    const arrivedAt = this.#options.now();
    const cursor = cursorOf(this.#position);
    const handles = await this.#handles.of(lines, mayWait);
    return { lines, arrivedAt, path: 'stream', cursor, handles, coverage };
  }

  #connectionProblem(): string | null {
    const end = this.#lastEnd;
    if (this.#since === null) {
      return end === null ? null : `Bluesky: ${end.host} ${end.reason}. The next attempt follows by itself.`;
    }
    const { now, times } = this.#options;
    if (this.#coverage.isOpen || now() - this.#since < times.idleMs) return null;
    return `Bluesky: ${this.#host} is connected and gives no events yet. Until it does, nothing counts as captured.`;
  }

  #state(): SourceReport['state'] {
    if (this.#since !== null) return this.#hasBegun ? 'LIVE' : 'STARTING';
    if (this.#servers?.isRefusedEverywhere === true) return 'FAILED';
    return this.#hasBegun || this.#lastEnd !== null ? 'WAITING' : 'STARTING';
  }
}

interface FirstHead extends EventHead {
  /** Its place among the frames. */
  readonly index: number;
}

/** The first event among frames; null where none is one. */
function firstHead(frames: readonly Buffer[], { protocol }: Endpoint): FirstHead | null {
  for (const [index, frame] of frames.entries()) {
    const head = readHead(frame, protocol);
    if (head !== null) return { ...head, index };
  }
  return null;
}

/** The last event among the frames that may be meant. */
function lastHead(
  frames: readonly Buffer[],
  { protocol }: Endpoint,
  mayBeMeant: (frame: Buffer) => boolean,
): EventHead | null {
  for (let index = frames.length - 1; index >= 0; index -= 1) {
    const frame = frames[index];
    const head = frame !== undefined && mayBeMeant(frame) ? readHead(frame, protocol) : null;
    if (head !== null) return head;
  }
  return null;
}

function msOf({ timeUs }: EventHead): number {
  return Math.floor(timeUs / 1000);
}
