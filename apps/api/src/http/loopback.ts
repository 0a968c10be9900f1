import type { FastifyInstance } from 'fastify';

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** The answer to a request that names another host than this machine. */
export const MISDIRECTED =
  'This server serves its own machine only: open it as http://localhost. Set HOST to serve other machines.';

export function isLoopback(hostname: string): boolean {
  return NAMES.has(hostname.toLowerCase());
}

/**
 * Whether a request may be answered. A server that listens on this machine alone answers only to the machine's own names:
 * any page can point its host name at this machine, and would then be of the same origin (DNS rebinding).
 */
export function acceptsHost(listenHost: string, hostHeader: string | undefined): boolean {
  if (!isLoopback(listenHost) && !listenHost.startsWith('127.')) return true;
  return isLoopback((hostHeader ?? '').replace(/:\d*$/, ''));
}

/** Refuses every request that {@link acceptsHost} refuses. */
export function refuseMisdirected(http: FastifyInstance, listenHost: string): void {
  http.addHook('onRequest', async (request, reply) => {
    if (acceptsHost(listenHost, request.headers.host)) return;
    const body = { errors: [{ message: MISDIRECTED, extensions: { code: 'MISDIRECTED_REQUEST' } }] };
    return reply.status(421).type('application/json; charset=utf-8').send(body);
  });
}
