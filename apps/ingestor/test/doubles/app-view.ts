import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PATH = '/xrpc/app.bsky.actor.getProfiles';
const MAX_ACTORS = 25;

/** An answer instead of profiles. */
export interface FailedCall {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server that answers `app.bsky.actor.getProfiles` as Bluesky's public AppView does. */
export class AppViewDouble {
  /** The actors of each call. */
  readonly calls: (readonly string[])[] = [];
  delayMs = 0;
  readonly #server: Server;
  readonly #handles: (did: string) => string | null;
  readonly #failures: FailedCall[] = [];

  private constructor(server: Server, handles: (did: string) => string | null) {
    this.#server = server;
    this.#handles = handles;
    server.on('request', (request, response) => void this.#answer(request.url ?? '/', response));
  }

  /** @param handles - the handle of an author; null for one that there is no more. */
  static async start(handles: (did: string) => string | null, port = 0): Promise<AppViewDouble> {
    const double = new AppViewDouble(createServer(), handles);
    double.#server.listen(port, '127.0.0.1');
    await once(double.#server, 'listening');
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next calls fail, one after the other. */
  fail(...failures: readonly FailedCall[]): void {
    this.#failures.push(...failures);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(target: string, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(target, 'http://localhost');
    const actors = searchParams.getAll('actors');
    this.calls.push(actors);
    await sleep(this.delayMs);
    const failure = this.#failures.shift();
    if (failure !== undefined) {
      response.writeHead(failure.status, failure.headers).end(failure.body ?? '');
    } else if (pathname !== PATH || actors.length === 0 || actors.length > MAX_ACTORS) {
      response.writeHead(400).end(JSON.stringify({ error: 'InvalidRequest', message: 'actors' }));
    } else {
      const profiles = actors.flatMap((did) => {
        const handle = this.#handles(did);
        return handle === null ? [] : [{ did, handle, displayName: 'Somebody', labels: [] }];
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ profiles }));
    }
  }
}
