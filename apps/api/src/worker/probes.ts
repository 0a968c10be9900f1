import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import { acceptsHost, MISDIRECTED } from '../http/loopback.js';

export interface Probes {
  close(): Promise<void>;
}

/** Health and metrics of a process that serves nothing else. */
export async function startProbes(
  host: string,
  port: number,
  registry: Registry,
  problem: () => string | null,
): Promise<Probes> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const json = (status: number, body: unknown): void => {
      answer(status, 'application/json', JSON.stringify(body));
    };
    if (!acceptsHost(host, request.headers.host)) {
      answer(421, 'text/plain', MISDIRECTED);
      return;
    }
    switch (request.url) {
      case '/health/live':
        json(200, { status: 'ok' });
        break;
      case '/health/ready': {
        const wrong = problem();
        json(wrong === null ? 200 : 503, { status: wrong ?? 'ok' });
        break;
      }
      case '/metrics':
        registry.metrics().then(
          (text) => {
            answer(200, registry.contentType, text);
          },
          () => {
            answer(500, 'text/plain', '');
          },
        );
        break;
      default:
        answer(404, 'text/plain', '');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
