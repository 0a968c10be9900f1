import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isLivyError } from './errors.js';
import { LivyClient } from './livy-client.js';

let folder: string;
let server: Server;
let url: string;
let ca: string;

// An authority of our own, made for this run by the openssl command.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'livy-tls-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...made, ...subject], { stdio: 'ignore' });
  ca = readFileSync(cert, 'utf8');
  server = createServer({ key: readFileSync(key), cert: ca }, (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"version":"0.9.0"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

it('trusts a private authority that it was given, and no other', async () => {
  const trusting = new LivyClient({ url, tls: { ca } });
  expect((await trusting.version()).version).toBe('0.9.0');
  trusting.close();
  const strict = new LivyClient({ url, timeoutMs: 5_000 });
  const error: unknown = await strict.version().catch((thrown: unknown) => thrown);
  expect(isLivyError(error, 'NETWORK')).toBe(true);
  strict.close();
});
