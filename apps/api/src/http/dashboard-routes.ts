import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Asset, DashboardAssets } from './dashboard-assets.js';

/** Angular sets styles of its components at run time; nothing else may be inline. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Twitter Analytica</title>
<body style="font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem;line-height:1.5">
<h1>The dashboard is not built yet</h1>
<p>The API is running. Build the dashboard with <code>npx nx build @analytica/web</code>, then reload this page;
<code>npm start</code> does both.</p></body></html>`;

/** Serves the dashboard: files from memory, and its index page for every route that the dashboard itself knows. */
export function serveDashboard(http: FastifyInstance, assets: DashboardAssets): void {
  http.addHook('onSend', async (_request, reply) => {
    void reply.headers(HEADERS);
  });
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!(await assets.available())) {
      return reply.status(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(NOT_BUILT);
    }
    const path = request.url.split(/[?#]/, 1)[0] ?? '/';
    const found = assets.get(decode(path));
    if (found !== undefined) return send(request, reply, found);
    const index = assets.get('/index.html');
    // A missing file is a 404; a path without a file is a page of the dashboard.
    if (index === undefined || /\.[a-z0-9]{1,12}$/i.test(path)) {
      return reply.status(404).type('text/plain; charset=utf-8').send('There is no such file.');
    }
    return send(request, reply, index);
  };
  http.route({ method: ['GET', 'HEAD'], url: '/', handler });
  http.route({ method: ['GET', 'HEAD'], url: '/*', handler });
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  void reply
    .header('etag', asset.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .type(asset.type);
  if (request.headers['if-none-match'] === asset.etag) return reply.status(304).send();
  const accepted = request.headers['accept-encoding'] ?? '';
  if (asset.br !== null && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.br);
  if (asset.gz !== null && /\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(asset.gz);
  return reply.send(asset.raw);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path) === '/' ? '/index.html' : decodeURIComponent(path);
  } catch {
    return path;
  }
}
