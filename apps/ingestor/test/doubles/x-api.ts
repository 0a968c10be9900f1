// An HTTP server that speaks the X API v2 as its documentation describes it: streams, rules, recent search, counts, usage.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DoublePost, generatedPosts, type PostSupply } from './x-api-posts.ts';
import { type Scene, StreamResponse } from './x-api-stream.ts';

export interface XApiDoubleOptions {
  readonly port?: number;
  readonly token?: string;
  readonly posts?: PostSupply;
  /** Posts a second of a stream that no script says anything about. */
  readonly perSecond?: number;
  readonly keepAliveMs?: number;
  /** Each write of a stream is cut into pieces of this many bytes. */
  readonly chunkBytes?: number;
  /** How the first, second, … request for a stream is answered; later ones are served. */
  readonly script?: readonly Scene[];
  readonly now?: () => number;
}

/** A request for a stream. */
export interface StreamRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** By a clock that never jumps, ms. */
  readonly at: number;
}

export interface XApiDouble {
  readonly url: string;
  readonly token: string;
  /** Lines that the streams were given, as bytes. */
  readonly sent: readonly Buffer[];
  readonly streamRequests: readonly StreamRequest[];
  /** Streams that are open now. */
  readonly open: () => number;
  close(): Promise<void>;
}

const STREAM_PATHS = new Set(['/2/tweets/search/stream', '/2/tweets/sample/stream']);
const DEFAULT_KEEP_ALIVE_MS = 20_000;
export const TEST_TOKEN = 'AAAAAAAAAAAAAAAAAAAAATestBearerToken%3D';

export async function startXApi(options: XApiDoubleOptions = {}): Promise<XApiDouble> {
  const double = new Double(options);
  await double.listen(options.port ?? 0);
  return double;
}

class Double implements XApiDouble {
  readonly token: string;
  readonly sent: Buffer[] = [];
  readonly streamRequests: StreamRequest[] = [];
  url = '';
  readonly #options: XApiDoubleOptions;
  readonly #posts: PostSupply;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  readonly #server: Server;
  #open = 0;

  constructor(options: XApiDoubleOptions) {
    this.#options = options;
    this.token = options.token ?? TEST_TOKEN;
    this.#posts = options.posts ?? generatedPosts();
    this.#now = options.now ?? Date.now;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  open(): number {
    return this.#open;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      send(response, 401, { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' });
    } else if (STREAM_PATHS.has(url.pathname)) await this.#stream(url, response);
    else send(response, 404, { title: 'Not Found', type: 'about:blank', status: 404, detail: 'Not Found' });
  }

  async #stream(url: URL, response: ServerResponse): Promise<void> {
    const { script = [], keepAliveMs = DEFAULT_KEEP_ALIVE_MS, perSecond = 0, chunkBytes = null } = this.#options;
    const scene = script[this.streamRequests.length] ?? { steps: [] };
    this.streamRequests.push({ path: url.pathname, query: url.searchParams, at: performance.now() });
    if ('refuse' in scene) {
      response.socket?.resetAndDestroy();
      return;
    }
    if ('status' in scene) {
      send(response, scene.status, scene.body ?? { title: 'Error', type: 'about:blank' }, scene.headers);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    this.#open += 1;
    response.once('close', () => (this.#open -= 1));
    const nextLine = (): Buffer | null => this.#nextLine();
    const stream = { keepAliveMs, perSecond, chunkBytes, nextLine, signal: this.#stop.signal };
    await new StreamResponse(response, stream).run(scene.steps);
  }

  #nextLine(): Buffer | null {
    const post = this.#posts(this.#now());
    if (post === null) return null;
    const line = Buffer.isBuffer(post) ? post : streamLine(post);
    this.sent.push(line);
    return line;
  }
}

function streamLine({ data, includes }: DoublePost): Buffer {
  return Buffer.from(JSON.stringify({ data, includes, matching_rules: [{ id: '1', tag: 'all' }] }));
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
