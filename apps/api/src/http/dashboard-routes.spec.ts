import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DashboardAssets } from './dashboard-assets.js';
import { serveDashboard } from './dashboard-routes.js';

const INDEX = `<!doctype html><title>dashboard</title>${'<p>text</p>'.repeat(200)}`;

let folder: string;
let server: FastifyInstance;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analytica-web-'));
  server = fastify();
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function build(): Promise<void> {
  await mkdir(join(folder, 'media'));
  await writeFile(join(folder, 'index.html'), INDEX);
  await writeFile(join(folder, 'main-ABCDEFGH.js'), 'let a;'.repeat(500));
  await writeFile(join(folder, 'media', 'logo.svg'), '<svg/>');
}

describe('the dashboard', () => {
  it('is served with its routes, its files and a strict policy', async () => {
    await build();
    serveDashboard(server, new DashboardAssets(folder));
    const index = await server.inject('/');
    expect(index.statusCode).toBe(200);
    expect(index.body).toBe(INDEX);
    expect(index.headers['cache-control']).toBe('no-cache');
    expect(index.headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(index.headers['x-content-type-options']).toBe('nosniff');
    expect((await server.inject('/analysis?topic=cat')).body).toBe(INDEX);
    const script = await server.inject('/main-ABCDEFGH.js');
    expect(script.headers['cache-control']).toMatch(/immutable/);
    expect(script.headers['content-type']).toMatch(/javascript/);
    expect((await server.inject('/media/logo.svg')).headers['content-type']).toBe('image/svg+xml');
    expect((await server.inject('/main-GONE0000.js')).statusCode).toBe(404);
    expect((await server.inject('/..%2f..%2fetc%2fpasswd')).body).not.toContain('root:');
    const again = await server.inject({ url: '/', headers: { 'if-none-match': String(index.headers.etag) } });
    expect(again.statusCode).toBe(304);
  });

  it('is compressed beforehand', async () => {
    await build();
    serveDashboard(server, new DashboardAssets(folder));
    const get = () => server.inject({ url: '/', headers: { 'accept-encoding': 'gzip, br' } });
    await expect.poll(async () => (await get()).headers['content-encoding']).toBe('br');
    const response = await get();
    expect(brotliDecompressSync(response.rawPayload).toString()).toBe(INDEX);
    expect(
      (await server.inject({ url: '/', headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'],
    ).toBe('gzip');
  });

  it('is found once it is built', async () => {
    serveDashboard(server, new DashboardAssets(folder));
    const missing = await server.inject('/');
    expect(missing.statusCode).toBe(503);
    expect(missing.body).toContain('not built yet');
    await build();
    await expect.poll(async () => (await server.inject('/')).body).toBe(INDEX);
  });
});
