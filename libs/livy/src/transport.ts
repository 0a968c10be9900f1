import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { LivyError } from './errors.js';

/** The server drops a connection that was idle for 30 s, and a POST on it is lost: ours go well before. */
const IDLE_CONNECTION_MS = 20_000;

/** TLS beyond the system's roots. */
export interface LivyTls {
  /** PEM of the private authority that signed the server's certificate. */
  readonly ca?: string | Buffer;
  /** Client certificate and key, PEM. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
}

/** One HTTP exchange's reply, body as text. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** One HTTP exchange. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Ends the exchange: the caller's signal, its deadline, or both. */
  readonly signal: AbortSignal;
}

/** HTTP/1.1 over kept connections, with a limit on what a reply may weigh. */
export class Transport {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #maxBodyBytes: number;

  constructor(options: {
    base: URL;
    headers: Readonly<Record<string, string>>;
    tls: LivyTls;
    maxBodyBytes: number;
    maxConnections: number;
  }) {
    this.#base = options.base;
    this.#headers = options.headers;
    this.#maxBodyBytes = options.maxBodyBytes;
    const kept = {
      keepAlive: true,
      maxSockets: options.maxConnections,
      timeout: IDLE_CONNECTION_MS,
      scheduling: 'lifo' as const,
    };
    this.#agent =
      options.base.protocol === 'https:' ? new HttpsAgent({ ...kept, ...options.tls }) : new HttpAgent(kept);
  }

  /**
   * @throws LivyError `NETWORK` (with `details.maybeSent`), `BODY_TOO_LARGE`; whatever `signal.reason` is when it ends the exchange
   */
  send(exchange: Exchange): Promise<Reply> {
    const { method, path, body, signal } = exchange;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return new Promise<Reply>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      let connected = false;
      const make = this.#base.protocol === 'https:' ? httpsRequest : httpRequest;
      const request: ClientRequest = make(new URL(this.#base.pathname.replace(/\/$/, '') + path, this.#base), {
        method,
        agent: this.#agent,
        headers: {
          ...this.#headers,
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(payload.length) }),
        },
      });
      const onAbort = (): void => {
        reject(signal.reason as Error);
        request.destroy();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      const fail = (error: unknown): void => {
        settled();
        const message = `${method} ${path}: ${error instanceof Error ? error.message : String(error)}`;
        reject(error instanceof LivyError ? error : new LivyError('NETWORK', message, { maybeSent: connected }, error));
      };
      request.on('socket', (socket) => {
        // A kept socket is connected already; on a fresh one nothing was sent before it is.
        if (!socket.connecting) connected = true;
        else socket.once(this.#base.protocol === 'https:' ? 'secureConnect' : 'connect', () => (connected = true));
      });
      request.on('error', fail);
      request.on('response', (response) => {
        this.#read(response).then((text) => {
          settled();
          resolve({ status: response.statusCode ?? 0, body: text });
        }, fail);
      });
      request.end(payload);
    });
  }

  async #read(response: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.#maxBodyBytes) {
        response.destroy();
        const limit = String(this.#maxBodyBytes);
        throw new LivyError('BODY_TOO_LARGE', `the server's reply is larger than ${limit} bytes`, { bytes });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Closes the kept connections; exchanges under way fail. */
  close(): void {
    this.#agent.destroy();
  }
}
