import { afterEach, describe, expect, it } from 'vitest';
import { isLivyError, LivyError } from './errors.js';
import { LivyClient, type LivyClientOptions } from './livy-client.js';
import { json, ScriptedServer, type Handler } from './testing/scripted-server.js';

const VERSION = { version: '0.9.0-incubating' };
const session = (name: string, id = 3): object => ({
  id,
  name,
  state: 'starting',
  kind: 'pyspark',
  appId: null,
  log: [],
});

describe('LivyClient', () => {
  const open: { stop?: () => Promise<void>; close?: () => void }[] = [];

  afterEach(async () => {
    for (const each of open.splice(0)) {
      each.close?.();
      await each.stop?.();
    }
  });

  async function against(
    handler: Handler,
    options: Partial<LivyClientOptions> = {},
  ): Promise<{ server: ScriptedServer; client: LivyClient }> {
    const server = await ScriptedServer.start((seen, response, socket) => {
      if (seen.path === '/version') json(response, 200, VERSION);
      else return handler(seen, response, socket);
    });
    const client = new LivyClient({ url: server.url, timeoutMs: 60_000, attemptTimeoutMs: 20_000, ...options });
    open.push(client, server);
    return { server, client };
  }

  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => 'it should have failed',
      (thrown: unknown) => thrown,
    );
    return isLivyError(error) ? error.code : String(error);
  };

  it('sends X-Requested-By and what proves who calls', async () => {
    const { server, client } = await against((_, response) => json(response, 200, session('a')), {
      auth: { type: 'bearer', token: 'secret' },
      requestedBy: 'someone',
    });
    await client.getSession('a');
    expect(server.seen[0]?.headers).toMatchObject({ 'x-requested-by': 'someone', authorization: 'Bearer secret' });
    const basic = new LivyClient({ url: server.url.replace('http://', 'http://me:p%40ss@') });
    open.push(basic);
    await basic.getSession('a');
    expect(server.seen[1]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    const header = new LivyClient({ url: server.url, auth: { type: 'header', name: 'X-Api-Key', value: 'k' } });
    open.push(header);
    await header.getSession('a');
    expect(server.seen[2]?.headers['x-api-key']).toBe('k');
  });

  it('keeps a path in the address, for gateways', async () => {
    const { server } = await against((_, response) => json(response, 200, session('a b')));
    const client = new LivyClient({ url: `${server.url}/gateway/livy/` });
    open.push(client);
    await client.getSession('a b');
    expect(server.seen[0]?.path).toBe('/gateway/livy/sessions/a%20b');
  });

  it('takes no reply to another request: asks again, looks for what it sent', async () => {
    let strays = 2;
    const { server, client } = await against((seen, response) => {
      const stray = strays-- > 0;
      if (seen.path === '/sessions/a/statements/7') {
        json(response, 200, { id: stray ? 6 : 7, state: 'running' });
        return;
      }
      json(response, 200, session(stray ? 'b' : 'a'));
    });
    expect((await client.getStatement('a', 7)).id).toBe(7);
    expect(server.count('GET', /statements/)).toBe(3);
    strays = 1;
    expect((await client.getSession('a')).name).toBe('a');
  });

  it('sends a GET again when the connection drops under it, and uses one connection', async () => {
    let drops = 2;
    const { server, client } = await against((_, response, socket) => {
      if (drops-- > 0) socket.destroy();
      else json(response, 200, session('a'));
    });
    expect((await client.getSession('a')).name).toBe('a');
    expect(server.count('GET', /a$/)).toBe(3);
    const before = server.connections;
    await client.getSession('a');
    await client.getSession('a');
    expect(server.connections).toBe(before);
  });

  it('a GET that is never answered is asked again, and ends at its deadline', async () => {
    const { server, client } = await against(() => undefined, { attemptTimeoutMs: 300 });
    const began = Date.now();
    expect(await codeOf(client.getSession('a', { timeoutMs: 1_000 }))).toBe('TIMEOUT');
    expect(Date.now() - began, 'that of the client is a minute').toBeLessThan(20_000);
    expect(server.count('GET', /a$/)).toBeGreaterThan(1);
  });

  it("ends a call at once with the caller's signal", async () => {
    const { client } = await against(() => undefined);
    const abort = new AbortController();
    const ended = codeOf(client.getSession('a', { signal: abort.signal }));
    setTimeout(() => abort.abort(), 30);
    expect(await ended).toBe('ABORTED');
    expect(await codeOf(client.getSession('a', { signal: AbortSignal.abort() }))).toBe('ABORTED');
  });

  it('a session whose reply was lost is found by its name, not asked for again', async () => {
    let made = '';
    const { server, client } = await against((seen, response, socket) => {
      if (seen.method === 'POST') {
        made = (JSON.parse(seen.body) as { name: string }).name;
        socket.destroy();
      } else json(response, 200, session(made));
    });
    expect((await client.createSession({ name: 'lost' })).name).toBe('lost');
    expect(server.count('POST', /sessions$/)).toBe(1);
  });

  it('a session whose request was lost is asked for again, and a late first one is taken', async () => {
    let posts = 0;
    let late = false;
    const { server, client } = await against((seen, response, socket) => {
      if (seen.method === 'GET') {
        if (late) json(response, 200, session('late'));
        else json(response, 404, { msg: "Session 'late' not found." });
      } else if (++posts === 1) socket.destroy();
      else {
        late = true; // the first one arrived after all
        json(response, 400, { msg: 'Rejected, Reason: Duplicate session name: Some(late) for session 4' });
      }
    });
    expect((await client.createSession({ name: 'late' })).id).toBe(3);
    expect(server.count('POST', /sessions$/)).toBe(2);
  });

  it('a name that was taken before is an error, not ours', async () => {
    const { client } = await against((_, response) =>
      json(response, 400, { msg: 'Rejected, Reason: Duplicate session name: x' }),
    );
    expect(await codeOf(client.createSession({ name: 'x' }))).toBe('DUPLICATE_NAME');
  });

  it('a statement whose reply was lost is found by its nonce and sent once', async () => {
    let code = '';
    const { server, client } = await against((seen, response, socket) => {
      if (seen.method === 'POST') {
        ({ code } = JSON.parse(seen.body) as { code: string });
        socket.destroy();
      } else
        json(response, 200, {
          total_statements: 2,
          statements: [
            { id: 0, code: '1', state: 'available' },
            { id: 1, code, state: 'running' },
          ],
        });
    });
    expect((await client.submitStatement('a', { code: 'f("n0nce")', nonce: 'n0nce' })).id).toBe(1);
    expect(server.count('POST', /statements$/)).toBe(1);
  });

  it('a statement that may or may not run is never resent blindly', async () => {
    const { server, client } = await against((seen, response, socket) => {
      if (seen.method === 'POST') socket.destroy();
      else json(response, 200, { statements: [] });
    });
    const error: unknown = await client.submitStatement('a', { code: '1' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LivyError);
    expect((error as LivyError).details.maybeSent).toBe(true);
    expect(await codeOf(client.submitStatement('a', { code: '"n"', nonce: 'n' }))).toBe('NETWORK');
    expect(server.count('POST', /statements$/)).toBe(2);
    expect(await codeOf(client.submitStatement('a', { code: '1', nonce: 'n' }))).toBe('UNSUPPORTED');
  });

  it('a statement never answered is looked for too', async () => {
    const { server, client } = await against(
      (seen, response) => {
        if (seen.method === 'GET') json(response, 200, { statements: [{ id: 5, code: '"n"', state: 'waiting' }] });
      },
      { attemptTimeoutMs: 1_000 },
    );
    expect((await client.submitStatement('a', { code: '"n"', nonce: 'n' })).id).toBe(5);
    expect(server.count('POST', /statements$/)).toBe(1);
  });

  it('reads the text out of an HTML page', async () => {
    const page =
      '<html><head><style>b{}</style></head><body><h2>HTTP ERROR 400</h2><p>Missing Required Header</p></body></html>';
    const { client } = await against((_, response) => {
      response.writeHead(400, { 'content-type': 'text/html' });
      response.end(page);
    });
    const error = (await client.getSession('a').catch((e: unknown) => e)) as LivyError;
    expect(error.code).toBe('HTTP');
    expect(error.message).toBe('get session: 400 HTTP ERROR 400 Missing Required Header');
  });

  it.each([
    [401, '', 'AUTH'],
    [404, "Session '11' not found.", 'SESSION_NOT_FOUND'],
    [404, 'Statement not found', 'STATEMENT_NOT_FOUND'],
    [400, "requirement failed: Session isn't active.", 'SESSION_DEAD'],
    [500, 'java.lang.IllegalStateException: Session is in state dead', 'SESSION_DEAD'],
    [500, 'java.lang.IllegalStateException: Session is in state starting', 'SESSION_NOT_READY'],
    [500, 'java.io.IOException: RPC channel is closed.', 'SESSION_DEAD'],
    [500, 'java.util.concurrent.ExecutionException: java.util.concurrent.CancellationException', 'SESSION_DEAD'],
    [400, 'Rejected, too many sessions are being created!', 'TOO_MANY_CREATING'],
    [500, 'something else', 'HTTP'],
  ])('%d %s is %s', async (status, msg, code) => {
    const { server, client } = await against((_, response) => json(response, status, { msg }));
    expect(await codeOf(client.getStatement('a', 1))).toBe(code);
    expect(server.seen).toHaveLength(1);
  });

  it('asks a gateway that is out of service again', async () => {
    let failures = 2;
    const { client } = await against((_, response) => {
      if (failures-- > 0) json(response, 503, {});
      else json(response, 200, session('a'));
    });
    expect((await client.getSession('a')).id).toBe(3);
  });

  it('reads no more than its limit, and no half reply', async () => {
    const { client } = await against(
      (seen, response, socket) => {
        if (seen.path.endsWith('big')) response.end('x'.repeat(200_000));
        else {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('{"id":');
          setTimeout(() => socket.destroy(), 10);
        }
      },
      { maxBodyBytes: 100_000 },
    );
    expect(await codeOf(client.getSession('big'))).toBe('BODY_TOO_LARGE');
    expect(await codeOf(client.getSession('half'))).toBe('NETWORK');
  });

  it('a reply that is no session is a typed error', async () => {
    const { client } = await against((seen, response) => {
      if (seen.path.endsWith('html')) response.end('<html>login</html>');
      else json(response, 200, seen.path.endsWith('list') ? [] : { id: 'x' });
    });
    for (const name of ['html', 'list', 'object']) expect(await codeOf(client.getSession(name))).toBe('BAD_REPLY');
  });

  it('a state it has never heard of passes through', async () => {
    const { client } = await against((_, response) => json(response, 200, { id: 1, state: 'levitating' }));
    expect((await client.getSession(1)).state).toBe('levitating');
  });

  it('a delete that succeeded unheard is no failure', async () => {
    let deletes = 0;
    const { client } = await against((_, response, socket) => {
      if (++deletes === 1) socket.destroy();
      else json(response, 404, { msg: "Session 'a' not found." });
    });
    expect(await client.deleteSession('a')).toBe(false);
  });

  it('speaks 0.8 and 0.9 as they want it', async () => {
    for (const [version, key] of [
      ['0.8.0-incubating', 'ttl'],
      ['0.9.0-incubating', 'idleTimeout'],
      ['1.2.0', 'idleTimeout'],
    ] as const) {
      const server = await ScriptedServer.start((seen, response) =>
        json(response, 200, seen.path === '/version' ? { version } : session('a')),
      );
      const client = new LivyClient({ url: server.url });
      open.push(client, server);
      await client.createSession({ name: 'a', idleTimeout: '15s' });
      await client.createSession({ name: 'a' });
      const bodies = server.seen.filter((s) => s.method === 'POST').map((s) => JSON.parse(s.body) as object);
      expect(bodies).toEqual([
        { name: 'a', kind: 'pyspark', [key]: '15s' },
        { name: 'a', kind: 'pyspark' },
      ]);
      expect(server.count('GET', /version/)).toBe(1);
    }
  });

  it('refuses addresses it cannot speak to', () => {
    expect(() => new LivyClient({ url: 'ftp://x' })).toThrow(LivyError);
    expect(() => new LivyClient({ url: 'nonsense' })).toThrow(LivyError);
  });

  it('goes off this machine only with auth, or when told that something else guards the server', () => {
    for (const url of ['http://livy.internal:8998', 'http://127.evil.example', 'http://0.0.0.0:8998']) {
      expect(() => new LivyClient({ url })).toThrow(/is not this machine/);
      expect(() => new LivyClient({ url, auth: { type: 'none' } })).toThrow(LivyError);
      new LivyClient({ url, allowAnonymous: true }).close();
      new LivyClient({ url, auth: { type: 'bearer', token: 't' } }).close();
    }
    for (const url of ['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1']) new LivyClient({ url }).close();
  });
});
