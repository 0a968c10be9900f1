import type { FastifyInstance } from 'fastify';

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** What a request is told that came under another name than this machine's own. */
export const MISDIRECTED =
  'This server serves its own machine only: open it as http://localhost. Set HOST to serve other machines.';

export function isLoopback(hostname: string): boolean {
  return NAMES.has(hostname.toLowerCase());
}

/**
 * Whether a request may be answered. A server that listens on this machine alone answers only to the machine's own names:
 * any page can give its host name this machine's address, and would then be of the same origin (DNS rebinding).
 */
export function isAddressedRightly(listenHost: string, hostHeader: string | undefined): boolean {
  if (!isLoopback(listenHost) && !listenHost.startsWith('127.')) return true;
  return isLoopback((hostHeader ?? '').replace(/:\d*$/, ''));
}

/** Refuses every request that {@link isAddressedRightly} refuses. */
export function refuseMisdirected(http: FastifyInstance, listenHost: string): void {
  http.addHook('onRequest', async (request, reply) => {
    if (isAddressedRightly(listenHost, request.headers.host)) return;
    const body = { errors: [{ message: MISDIRECTED, extensions: { code: 'MISDIRECTED_REQUEST' } }] };
    return reply.status(421).type('application/json; charset=utf-8').send(body);
  });
}
