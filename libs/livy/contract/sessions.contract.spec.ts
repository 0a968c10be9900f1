import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSessionStarting, LivyClient, type LivySession } from '../src/index.js';
import { codeOf, failure, LIVY_URL, newClient, SMALL, startSession, uniqueName } from './support.js';

describe('sessions', () => {
  const client = newClient();
  let session: LivySession;

  beforeAll(async () => {
    session = await startSession(client, 'sessions');
  });

  afterAll(async () => {
    await session.close();
    client.close();
  });

  it('names a version of Livy that is known', async () => {
    const version = await client.version();
    expect(version.version).toMatch(/^0\.[89]\./);
    expect(version.hasIdleTimeout).toBe(version.minor >= 9);
  });

  it('refuses a request without X-Requested-By with an HTML page', async () => {
    const body = JSON.stringify({ kind: 'pyspark', name: uniqueName('csrf') });
    const reply = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const post = request(
        new URL('/sessions', LIVY_URL),
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      post.on('error', reject);
      post.end(body);
    });
    expect(reply.status).toBe(400);
    expect(reply.text).toMatch(/<html|<h2/i);
  });

  it('is idle with an application, an id and its own name after a start', async () => {
    await expect.poll(async () => (await client.getSession(session.identity.id)).state).toBe('idle');
    const info = await client.getSession(session.identity.id);
    expect(info).toMatchObject({
      name: session.identity.name,
      state: 'idle',
      kind: 'pyspark',
      id: session.identity.id,
    });
    expect(session.identity.boot).toMatch(/^[0-9a-f]{24}$/);
    expect((await client.getSession(session.identity.name)).id).toBe(session.identity.id);
    expect((await client.allSessions()).map((s) => s.name)).toContain(session.identity.name);
  });

  it('takes the activity signal, idle and by name', async () => {
    await expect(session.keepAlive()).resolves.toBeUndefined();
    await expect(client.connectSession(session.identity.id)).resolves.toBeUndefined();
  });

  it('refuses a name twice, and starts no second driver', async () => {
    const before = (await client.allSessions()).filter((s) => s.name === session.identity.name).length;
    expect(await codeOf(client.createSession({ ...SMALL, name: session.identity.name }))).toBe('DUPLICATE_NAME');
    const after = (await client.allSessions()).filter((s) => s.name === session.identity.name).length;
    expect([before, after]).toEqual([1, 1]);
  });

  it('refuses names of digits before the server has to', async () => {
    expect(await codeOf(client.createSession({ ...SMALL, name: '123' }))).toBe('UNSUPPORTED');
    expect(await codeOf(client.createSession({ ...SMALL, name: '' }))).toBe('UNSUPPORTED');
  });

  it('knows no session and no statement that is not there', async () => {
    expect(await codeOf(client.getSession(999_999))).toBe('SESSION_NOT_FOUND');
    expect(await codeOf(client.getSession(uniqueName('nobody')))).toBe('SESSION_NOT_FOUND');
    expect(await codeOf(client.getStatement(session.identity.name, 99_999))).toBe('STATEMENT_NOT_FOUND');
    expect(await client.deleteSession(uniqueName('nobody'))).toBe(false);
  });

  it('says of the lifetime what this version can do', async () => {
    const { hasIdleTimeout } = await client.version();
    if (hasIdleTimeout) {
      expect(await codeOf(client.createSession({ ...SMALL, name: session.identity.name, ttl: '1h' }))).toBe(
        'DUPLICATE_NAME',
      );
    } else {
      expect(await codeOf(client.createSession({ ...SMALL, name: uniqueName('ttl'), ttl: '1h' }))).toBe('UNSUPPORTED');
    }
  });

  it('refuses a statement while it starts, and is gone once deleted', async () => {
    const name = uniqueName('starting');
    const created = await client.createSession({ ...SMALL, name });
    expect(isSessionStarting(created.state)).toBe(true);
    const early = await failure(client.submitStatement(name, { code: '1' }));
    expect(early.code).toBe('SESSION_NOT_READY');
    expect(early.retryable).toBe(true);
    expect(await client.deleteSession(name)).toBe(true);
    expect(await codeOf(client.getSession(created.id))).toBe('SESSION_NOT_FOUND');
  });

  it('is refused by a port that nobody listens on', async () => {
    const nobody = new LivyClient({ url: 'http://127.0.0.1:1', timeoutMs: 5_000 });
    const error = await failure(nobody.version());
    expect(error.code).toBe('NETWORK');
    expect(error.details.maybeSent).toBe(false);
  });
});
