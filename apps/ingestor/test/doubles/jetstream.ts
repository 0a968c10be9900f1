import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { JetstreamArchive } from './jetstream-archive.ts';
import { errorFrame, infoFrame, type JetstreamEvent, type StoredEvent } from './jetstream-event.ts';
import { readSubscription, type Subscription } from './jetstream-subscription.ts';
import { Subscriber } from './jetstream-subscriber.ts';

/** Answers an upgrade with something else than a connection. */
export interface RefusedUpgrade {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface JetstreamDoubleOptions {
  readonly port?: number;
  /** Epoch ms. */
  readonly now?: () => number;
  /** Events kept at most. */
  readonly capacity?: number;
  readonly firstSeq?: number;
}

/**
 * A server that speaks Jetstream v1 and v2 as the documentation and the lexicon `network.bsky.jetstream.subscribeEvents` describe
 * them, less compression with a dictionary, `options_update` and filters by DID. What it does wrong on purpose is a method.
 */
export class JetstreamDouble {
  readonly archive: JetstreamArchive;
  /** Path and query of each upgrade that was asked for, refused ones too. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #v1 = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  readonly #v2 = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('xrpc.v1.json') ? 'xrpc.v1.json' : false),
  });
  readonly #subscribers = new Set<Subscriber>();
  #refusals: RefusedUpgrade[] = [];
  #fragmentBytes: number | null = null;
  #bytesPerSecond: number | null = null;

  private constructor(server: Server, options: JetstreamDoubleOptions) {
    const { now = Date.now, capacity = 200_000, firstSeq = 1 } = options;
    this.archive = new JetstreamArchive(now, capacity, firstSeq);
    this.#server = server;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(options: JetstreamDoubleOptions = {}): Promise<JetstreamDouble> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    const double = new JetstreamDouble(server, options);
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return double;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get v1(): string {
    return `ws://127.0.0.1:${this.port}/subscribe`;
  }

  get v2(): string {
    return `ws://127.0.0.1:${this.port}/xrpc/network.bsky.jetstream.subscribeEvents`;
  }

  get connections(): number {
    return this.#subscribers.size;
  }

  /** Events sent to all connections together. */
  get sent(): number {
    return this.#sentBefore + [...this.#subscribers].reduce((sum, { sent }) => sum + sent, 0);
  }
  #sentBefore = 0;

  publish(...events: readonly JetstreamEvent[]): readonly StoredEvent[] {
    const stored = events.map((event) => this.archive.add(event));
    for (const subscriber of this.#subscribers) subscriber.wake();
    return stored;
  }

  /** Publishes a line of a file as it is: v1 sends these bytes. */
  publishLine(event: JetstreamEvent, line: Buffer): void {
    this.archive.add(event, line);
    for (const subscriber of this.#subscribers) subscriber.wake();
  }

  /** The next upgrades are refused, one after the other. */
  refuse(...answers: readonly RefusedUpgrade[]): void {
    this.#refusals.push(...answers);
  }

  /** Takes back what was to be refused. */
  refuseNoMore(): void {
    this.#refusals = [];
  }

  /** Breaks all connections off, without a goodbye. */
  drop(): void {
    for (const { socket } of this.#subscribers) socket.terminate();
  }

  /** Says goodbye and closes; on v2, after an error frame where there is an error. */
  disconnect(code: number, error: { readonly name: string; readonly message: string } | null = null): void {
    for (const { socket, protocol } of this.#subscribers) {
      if (error !== null && protocol === 'v2') socket.send(errorFrame(error.name, error.message), { binary: false });
      socket.close(code);
    }
  }

  /** Sends no more events; with `pongs: false`, connections do not even answer to pings. */
  stall({ pongs }: { readonly pongs: boolean }): void {
    for (const subscriber of this.#subscribers) subscriber.stall(pongs);
  }

  /** Sends something that is no event. */
  sendRaw(frame: Buffer, binary = false): void {
    for (const { socket } of this.#subscribers) socket.send(frame, { binary });
  }

  /** Cuts messages into fragments of so many bytes, wherever that is; null: sends them whole. */
  fragment(bytes: number | null): void {
    this.#fragmentBytes = bytes;
    for (const subscriber of this.#subscribers) subscriber.fragmentBytes = bytes;
  }

  /** Sends no faster to any connection; null: as fast as it goes. */
  slow(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = bytesPerSecond;
    for (const subscriber of this.#subscribers) subscriber.bytesPerSecond = bytesPerSecond;
  }

  async close(): Promise<void> {
    this.drop();
    this.#v1.close();
    this.#v2.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = request.url ?? '/';
    this.requests.push(target);
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    const subscription = readSubscription(target);
    if ('status' in subscription) {
      refuse(socket, subscription);
      return;
    }
    const { protocol, cursor } = subscription;
    const start = this.archive.resolve(cursor, protocol === 'v2');
    if (start === null) {
      const message = `cursor ${String(cursor)} below lookback floor; re-backfill from your last seq`;
      refuse(socket, { status: 400, body: JSON.stringify({ error: 'CursorTooOld', message }) });
      return;
    }
    const server = protocol === 'v1' ? this.#v1 : this.#v2;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      if (protocol === 'v2' && start.isClamped) {
        const message = `requested timestamp cursor below retention floor; starting at seq ${start.seq}`;
        webSocket.send(infoFrame('OutdatedCursor', message), { binary: false });
      }
      this.#subscribe(webSocket, socket, subscription, start.seq);
    });
  }

  #subscribe(socket: WebSocket, wire: Duplex, { protocol, filter }: Subscription, seq: number): void {
    const subscriber = new Subscriber(socket, wire, protocol, this.archive, filter, seq);
    subscriber.fragmentBytes = this.#fragmentBytes;
    subscriber.bytesPerSecond = this.#bytesPerSecond;
    this.#subscribers.add(subscriber);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#subscribers.delete(subscriber);
      this.#sentBefore += subscriber.sent;
    });
    // v2 takes nothing from its clients.
    if (protocol === 'v2') socket.on('message', () => socket.close(1008));
    subscriber.wake();
  }
}

function refuse(socket: Duplex, { status, headers = {}, body = '' }: RefusedUpgrade): void {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} Refused\r\n${head}\r\n${body}`);
}
