import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

const HOST = '127.0.0.1';
const OWN_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves metrics to this machine alone. A request by another name is refused: any page can point its host name here.
 * @param port - 0 takes a free one.
 * @throws what the system says where the port cannot be had.
 */
export async function serveMetrics(port: number, registry: Registry): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const name = (request.headers.host ?? '').replace(/:\d*$/, '').toLowerCase();
    if (!OWN_NAMES.has(name)) answer(421, 'These metrics are for this machine: ask for http://127.0.0.1.\n');
    else if (request.method !== 'GET') answer(405, '');
    else if (request.url === '/metrics') {
      registry.metrics().then(
        (text) => answer(200, text, registry.contentType),
        () => answer(500, ''),
      );
    } else answer(404, '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
