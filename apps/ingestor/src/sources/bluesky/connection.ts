import type { IncomingMessage } from 'node:http';
import type { GapCause } from '@analytica/domain/contracts';
import { WebSocket } from 'ws';
import { MAX_LINE_BYTES, MAX_RAW_BYTES } from '../../normalise/limits.js';
import type { Endpoint } from './endpoint.js';
import { readControlFrame } from './frame-reader.js';
import { FrameQueue } from './frame-queue.js';
import { type Refusal, readRefusal } from './refusal.js';

/** No server should send more. A frame between this and the longest line is cut, and becomes a dead letter. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
const NORMAL_CLOSE = 1000;
const ABNORMAL_CLOSE = 1006;
const SUBPROTOCOL = 'xrpc.v1.json';

export interface ConnectionTimes {
  /** How long a frame waits for others of its batch. */
  readonly batchMs: number;
  /** Between two pings. */
  readonly pingMs: number;
  /** Silence, not even a pong, after which the connection counts as dead. */
  readonly stallMs: number;
  /** Pongs but no events for so long: the server itself has lost its stream. */
  readonly quietMs: number;
  readonly handshakeMs: number;
}

/** Why a connection is over, or was never made. */
export interface ConnectionEnd {
  readonly cause: GapCause;
  /** The rest of a sentence that begins with the host. */
  readonly reason: string;
  /** What the server answered instead of opening the connection. */
  readonly refusal: Refusal | null;
  /** Whether a frame was too large to be received. */
  readonly hadOversizedFrame: boolean;
}

/** One WebSocket connection to a Jetstream server: it reads no more than is taken, and ends by itself when nothing comes. */
export class JetstreamConnection {
  readonly #socket: WebSocket;
  readonly #endpoint: Endpoint;
  readonly #queue: FrameQueue;
  readonly #times: ConnectionTimes;
  readonly #now: () => number;
  readonly #opened = Promise.withResolvers<boolean>();
  #watch: NodeJS.Timeout | undefined;
  /** Of the clock that does not jump. */
  #lastSign = performance.now();
  #lastEvent = performance.now();
  #pingedAt: number | null = null;
  #aliveAt: number | null = null;
  #end: ConnectionEnd | null = null;
  #isCursorOutdated = false;

  /** @param now - the time of arrival, epoch ms. */
  constructor(endpoint: Endpoint, url: string, times: ConnectionTimes, now: () => number) {
    this.#endpoint = endpoint;
    this.#times = times;
    this.#now = now;
    this.#queue = new FrameQueue(times.batchMs);
    this.#socket = new WebSocket(url, endpoint.protocol === 'v2' ? [SUBPROTOCOL] : [], {
      handshakeTimeout: times.handshakeMs,
      maxPayload: MAX_FRAME_BYTES,
      // A text that is not UTF-8 is one dead letter, and no reason to lose the connection.
      skipUTF8Validation: true,
      // It would cost more than it saves: a few hundred events a second are 200 kB.
      perMessageDeflate: false,
    });
    this.#listen();
  }

  /** Whether the connection could be made; waits until that is known. */
  get opened(): Promise<boolean> {
    return this.#opened.promise;
  }

  /** Null while it stands. */
  get end(): ConnectionEnd | null {
    return this.#end;
  }

  /** The last time at which the server is known to have given all that it had, epoch ms; null before the first. */
  get aliveAt(): number | null {
    return this.#aliveAt;
  }

  /** Whether the server said that it no longer has all that was asked for. */
  get isCursorOutdated(): boolean {
    return this.#isCursorOutdated;
  }

  /** Frames received that nobody has taken. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** As `FrameQueue.take`; what came before the end can be taken after it. */
  async take(idleMs: number): Promise<readonly Buffer[] | null> {
    const frames = await this.#queue.take(idleMs);
    if (this.#socket.isPaused && this.#queue.isLow && this.#end === null) {
      this.#lastSign = this.#lastEvent = performance.now();
      this.#socket.resume();
    }
    return frames;
  }

  close(): void {
    this.#finish({ cause: 'STOPPED', reason: 'was closed' });
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('open', () => {
      this.#sign();
      this.#lastEvent = this.#lastSign;
      this.#watch = setInterval(() => this.#check(), this.#times.pingMs);
      this.#ping();
      this.#opened.resolve(true);
    });
    socket.on('message', (data) => this.#receive(data as Buffer));
    socket.on('ping', () => this.#sign());
    socket.on('pong', () => {
      this.#sign();
      // What happened before the ping was sent was on its way before the pong.
      this.#aliveAt = this.#pingedAt;
    });
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      void readRefusal(response).then((refusal) => {
        const { cause, reason } = refusal;
        this.#finish({ cause, reason, refusal });
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const hadOversizedFrame = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      const verb = this.#watch === undefined ? 'reached' : 'read from';
      const reason = hadOversizedFrame
        ? `sent an event of more than ${MAX_FRAME_BYTES / 1024 / 1024} MiB`
        : `cannot be ${verb} (${error.code ?? error.message})`;
      this.#finish({ cause: 'DISCONNECTED', reason, hadOversizedFrame });
    });
    socket.on('close', (code) => {
      if (code === ABNORMAL_CLOSE) this.#finish({ cause: 'DISCONNECTED', reason: 'broke the connection off' });
      else {
        const name = code === NORMAL_CLOSE ? '' : ` (code ${code})`;
        this.#finish({ cause: 'PLATFORM_DISCONNECTED', reason: `closed the connection${name}` });
      }
    });
  }

  #receive(frame: Buffer): void {
    this.#sign();
    const control = readControlFrame(frame, this.#endpoint.protocol);
    if (control?.kind === 'error') {
      this.#finish({ cause: 'PLATFORM_DISCONNECTED', reason: `ended the stream (${control.name})` });
      return;
    }
    if (control !== null) {
      if (control.name === 'OutdatedCursor') this.#isCursorOutdated = true;
      return;
    }
    this.#lastEvent = this.#lastSign;
    this.#queue.push(frame.length > MAX_LINE_BYTES ? Buffer.from(frame.subarray(0, MAX_RAW_BYTES)) : frame);
    if (this.#queue.isFull && !this.#socket.isPaused) this.#socket.pause();
  }

  #sign(): void {
    this.#lastSign = performance.now();
  }

  #ping(): void {
    this.#pingedAt = this.#now();
    this.#socket.ping();
  }

  #check(): void {
    // Nothing is heard while nothing is read.
    if (this.#socket.isPaused) return;
    const { stallMs, quietMs } = this.#times;
    const now = performance.now();
    if (now - this.#lastSign >= stallMs) {
      this.#finish({ cause: 'STALLED', reason: `has been silent for ${seconds(stallMs)} s` });
    } else if (now - this.#lastEvent >= quietMs) {
      this.#finish({ cause: 'STALLED', reason: `has given no event for ${seconds(quietMs)} s` });
    } else this.#ping();
  }

  #finish(end: Pick<ConnectionEnd, 'cause' | 'reason'> & Partial<ConnectionEnd>): void {
    if (this.#end !== null) return;
    this.#end = { refusal: null, hadOversizedFrame: false, ...end };
    clearInterval(this.#watch);
    this.#opened.resolve(false);
    this.#queue.end();
    const socket = this.#socket;
    socket.removeAllListeners('message');
    // A socket that nothing is read from does not tell that it is over.
    if (socket.isPaused) socket.resume();
    socket.terminate();
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
