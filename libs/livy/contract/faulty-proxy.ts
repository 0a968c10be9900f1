import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * What happens to an exchange on its way: the request is lost, its reply is lost or comes `{ lateMs }`, the request arrives
 * twice, the reply comes twice (the second time `{ againMs }` later, as the reply to whatever is asked then).
 */
export type Fault =
  'request-lost' | 'reply-lost' | 'request-twice' | { readonly lateMs: number } | { readonly againMs: number };

/** A proxy between a client and a Livy server that does to each exchange what `choose` says. */
export class FaultyProxy {
  readonly #server: Server;
  readonly #target: URL;
  /** What befalls a request; undefined is nothing. */
  choose: (method: string, path: string) => Fault | undefined = () => undefined;
  /** Requests that came here. */
  readonly seen: string[] = [];

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Every `nth` request of this kind suffers `fault`. */
  every(nth: number, method: string, path: RegExp, fault: Fault): void {
    let count = 0;
    this.choose = (m, p) => (m === method && path.test(p) && ++count % nth === 0 ? fault : undefined);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { method = '', url = '/', socket } = request;
    this.seen.push(`${method} ${url}`);
    const fault = this.choose(method, url);
    if (fault === 'request-lost') return void socket.destroy();
    if (fault === 'request-twice') await this.#forward(request, body);
    const reply = await this.#forward(request, body);
    if (fault === 'reply-lost') return void socket.destroy();
    if (typeof fault === 'object' && 'lateMs' in fault) await wait(fault.lateMs);
    response.writeHead(reply.status, { 'content-type': reply.type, 'content-length': Buffer.byteLength(reply.text) });
    response.end(reply.text);
    if (typeof fault === 'object' && 'againMs' in fault) {
      await wait(fault.againMs);
      const head = `HTTP/1.1 ${String(reply.status)} Again\r\nContent-Type: ${reply.type}\r\n`;
      if (socket.writable)
        socket.write(`${head}Content-Length: ${String(Buffer.byteLength(reply.text))}\r\n\r\n${reply.text}`);
    }
  }

  #forward(request: IncomingMessage, body: string): Promise<{ status: number; type: string; text: string }> {
    return new Promise((resolve, reject) => {
      const { connection: _, host: __, ...headers } = request.headers;
      const options = { method: request.method ?? 'GET', headers: { ...headers, host: this.#target.host } };
      const onward = httpRequest(new URL(request.url ?? '/', this.#target), options, (reply) => {
        text(reply).then((whole) => {
          resolve({
            status: reply.statusCode ?? 502,
            type: reply.headers['content-type'] ?? 'text/plain',
            text: whole,
          });
        }, reject);
      });
      onward.on('error', reject);
      onward.end(body);
    });
  }
}

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
