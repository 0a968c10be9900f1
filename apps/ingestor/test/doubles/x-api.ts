// An HTTP server that speaks the X API v2 as its documentation describes it: streams, rules, recent search, counts, usage.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DoublePost, generatedPosts, type PostSupply } from './x-api-posts.ts';
import { type Answer, type DoubleRule, RuleBook } from './x-api-rules.ts';
import { SearchIndex } from './x-api-search.ts';
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
  /** Rules at the beginning; one that every post matches, where nothing is said. The word `everything` matches each post. */
  readonly rules?: readonly Omit<DoubleRule, 'id'>[];
  /** Answers to other requests in place of the documented ones; undefined leaves the request as it is. */
  readonly answer?: (request: ApiRequest) => Answer | undefined;
  readonly now?: () => number;
  /** Whether what was given is kept, for `sent` and for searches (true): it takes memory. */
  readonly remembers?: boolean;
}

/** A request that is not for a stream. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
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
  readonly requests: readonly ApiRequest[];
  readonly rules: RuleBook;
  /** What the usage endpoint says; posts that were delivered, and a cycle that ends in ten days, where nothing is set. */
  usage: { readonly posts: number | null; readonly daysLeft: number };
  /** Streams that are open now. */
  open(): number;
  /** A post happens: open streams give it, and searches find it. */
  publish(post: DoublePost): void;
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
  readonly requests: ApiRequest[] = [];
  readonly rules: RuleBook;
  usage: XApiDouble['usage'] = { posts: null, daysLeft: 10 };
  url = '';
  readonly #options: XApiDoubleOptions;
  readonly #posts: PostSupply;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  readonly #server: Server;
  readonly #search: SearchIndex;
  /** What the open streams have still to give of what was published. */
  readonly #published = new Set<Buffer[]>();
  #delivered = 0;

  constructor(options: XApiDoubleOptions) {
    this.#options = options;
    this.token = options.token ?? TEST_TOKEN;
    this.#posts = options.posts ?? generatedPosts();
    this.#now = options.now ?? Date.now;
    this.rules = new RuleBook(options.rules ?? [{ value: 'everything', tag: 'all' }]);
    this.#search = new SearchIndex(this.#now);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  open(): number {
    return this.#published.size;
  }

  publish(post: DoublePost): void {
    this.#search.add(post);
    for (const queue of this.#published) queue.push(this.#lineOf(post));
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
    else {
      const asked = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams };
      this.requests.push(asked);
      const answer = this.#options.answer?.(asked) ?? (await this.#usual(asked, request));
      send(response, answer.status, answer.body, answer.headers);
    }
  }

  async #usual({ method, path, query }: ApiRequest, request: IncomingMessage): Promise<Answer> {
    switch (`${method} ${path}`) {
      case 'GET /2/tweets/search/stream/rules':
        return this.rules.list();
      case 'POST /2/tweets/search/stream/rules':
        return this.rules.change(await jsonOf(request), query.get('dry_run') === 'true');
      case 'GET /2/tweets/search/recent': {
        const answer = this.#search.recent(query);
        this.#delivered += (answer.body as { data?: readonly unknown[] }).data?.length ?? 0;
        return answer;
      }
      case 'GET /2/tweets/counts/recent':
        return this.#search.counts(query);
      case 'GET /2/usage/tweets': {
        const posts = this.usage.posts ?? this.#delivered;
        const data = {
          cap_reset_day: this.usage.daysLeft,
          project_cap: '3000000',
          project_id: '1',
          project_usage: String(posts),
        };
        return { status: 200, body: { data } };
      }
      default:
        return { status: 404, body: { title: 'Not Found', type: 'about:blank', status: 404, detail: 'Not Found' } };
    }
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
    const published: Buffer[] = [];
    this.#published.add(published);
    response.once('close', () => this.#published.delete(published));
    const nextLine = (): Buffer | null => this.#nextLine();
    const stream = { keepAliveMs, perSecond, chunkBytes, nextLine, published, signal: this.#stop.signal };
    await new StreamResponse(response, stream).run(scene.steps);
  }

  #nextLine(): Buffer | null {
    const post = this.#posts(this.#now());
    if (post === null) return null;
    if (Buffer.isBuffer(post)) {
      if (this.#remembers) this.sent.push(post);
      return post;
    }
    if (this.#remembers) this.#search.add(post);
    return this.#lineOf(post);
  }

  get #remembers(): boolean {
    return this.#options.remembers !== false;
  }

  #lineOf(post: DoublePost): Buffer {
    const { data, includes } = post;
    const line = Buffer.from(JSON.stringify({ data, includes, matching_rules: this.rules.matching(post) }));
    if (this.#remembers) this.sent.push(line);
    this.#delivered += 1;
    return line;
  }
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString());
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
