import {
  type CallOptions,
  type CreateSessionOptions,
  type ServerVersion,
  type SessionInfo,
  type SessionPage,
  type StatementInfo,
} from './api.js';
import { authHeaders, type LivyAuth } from './auth.js';
import { ATTEMPTS, Calls, isUncertain, parsed } from './calls.js';
import { isLivyError, LivyError } from './errors.js';
import { parseSession, parseSessionPage, parseStatement, parseVersion } from './parse.js';
import { sessionBody } from './session-body.js';
import { type Deadline, sleep } from './timing.js';
import { Transport, type LivyTls } from './transport.js';

/** How to reach a server. */
export interface LivyClientOptions {
  /** Base address, such as `http://127.0.0.1:8998`; a path in it is kept. */
  readonly url: string;
  readonly auth?: LivyAuth;
  /**
   * Whoever reaches a Livy server executes code on it, so calling one off this machine without `auth` is refused; true if
   * something else guards it, such as a closed network.
   */
  readonly allowAnonymous?: boolean;
  readonly tls?: LivyTls;
  /** Value of `X-Requested-By`, which the server demands. Default `livy-client`. */
  readonly requestedBy?: string;
  /** Deadline of a call with its retries, in ms, where the call names none. Default 60,000. */
  readonly timeoutMs?: number;
  /** Deadline of one exchange, in ms; a GET is then sent again, a POST reconciled. Default 20,000. */
  readonly attemptTimeoutMs?: number;
  /** Largest reply that is read, in bytes. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Most connections at once. Default 32. */
  readonly maxConnections?: number;
}

/** A session by its id or, better, its name: ids start again at 0 when the server does. */
export type SessionRef = number | string;

const LOOKS = 4;

/**
 * Livy's REST surface of sessions, statements and version. GET and DELETE are retried. A POST whose reply was lost is
 * looked for on the server (a session by its name, a statement by its nonce) and never resent blindly.
 * Every method rejects with a {@link LivyError} and nothing else.
 */
export class LivyClient {
  readonly #calls: Calls;
  #version: ServerVersion | undefined;

  /** @throws LivyError `UNSUPPORTED` for an address that is not http or https; `AUTH` for one off this machine without `auth` */
  constructor(options: LivyClientOptions) {
    const base = URL.parse(options.url);
    if (base === null || (base.protocol !== 'http:' && base.protocol !== 'https:')) {
      throw new LivyError('UNSUPPORTED', 'the address of a Livy server begins with http:// or https://');
    }
    const { username, password } = base;
    base.username = '';
    base.password = '';
    const inUrl: LivyAuth =
      username === ''
        ? { type: 'none' }
        : { type: 'basic', username: decodeURIComponent(username), password: decodeURIComponent(password) };
    const auth = options.auth ?? inUrl;
    if (auth.type === 'none' && options.allowAnonymous !== true && !isLoopback(base.hostname)) {
      throw new LivyError(
        'AUTH',
        `${base.host} is not this machine: give auth, or allowAnonymous if a closed network guards it`,
      );
    }
    const transport = new Transport({
      base,
      headers: {
        accept: 'application/json',
        'x-requested-by': options.requestedBy ?? 'livy-client',
        ...authHeaders(auth),
      },
      tls: options.tls ?? {},
      maxBodyBytes: options.maxBodyBytes ?? 8 * 1024 * 1024,
      maxConnections: options.maxConnections ?? 32,
    });
    this.#calls = new Calls(transport, options.timeoutMs ?? 60_000, options.attemptTimeoutMs ?? 20_000);
  }

  /** The server's version, asked once. */
  async version(options: CallOptions = {}): Promise<ServerVersion> {
    this.#version ??= parseVersion(await this.#calls.get('/version', 'version', options));
    return this.#version;
  }

  /** Forgets the version, so that the next call asks again: after a server came back. */
  forgetVersion(): void {
    this.#version = undefined;
  }

  /**
   * Starts a session; it comes back `starting`. If the reply is lost, the session is looked up by its name, and only if
   * the server has none it is asked again: the name being unique, no second driver can start.
   * @throws LivyError `DUPLICATE_NAME`, `TOO_MANY_CREATING`, `UNSUPPORTED`
   */
  createSession(session: CreateSessionOptions, options: CallOptions = {}): Promise<SessionInfo> {
    return this.#calls.within('create session', options, async (deadline) => {
      const body = sessionBody(session, await this.version({ signal: deadline.signal }));
      let reconciled = false;
      for (let attempt = 1; ; attempt++) {
        try {
          const reply = await this.#calls.exchange('POST', '/sessions', body, deadline);
          const created = parseSession(parsed(reply, 'create session'), 'create session');
          return this.#calls.ours(created, created.name === session.name, 'create session');
        } catch (error) {
          const existed = reconciled && isLivyError(error, 'DUPLICATE_NAME');
          if (!existed && !isUncertain(error)) throw error;
          const found = await this.#look(deadline, () => this.#session(session.name, deadline));
          if (found !== undefined) return found;
          if (attempt >= ATTEMPTS) throw error;
          reconciled = true;
        }
      }
    });
  }

  /** One session. @throws LivyError `SESSION_NOT_FOUND` */
  getSession(session: SessionRef, options: CallOptions = {}): Promise<SessionInfo> {
    return this.#calls.within('get session', options, (deadline) => this.#session(session, deadline));
  }

  /** A page of sessions. */
  async listSessions(page: { from?: number; size?: number } = {}, options: CallOptions = {}): Promise<SessionPage> {
    const query = `from=${String(page.from ?? 0)}&size=${String(page.size ?? 100)}`;
    return parseSessionPage(await this.#calls.get(`/sessions?${query}`, 'list sessions', options), 'list sessions');
  }

  /** All sessions, page by page: sessions may come and go meanwhile, none is given twice. */
  async allSessions(options: CallOptions = {}): Promise<SessionInfo[]> {
    const found = new Map<number, SessionInfo>();
    for (let from = 0; ; from += 100) {
      const page = await this.listSessions({ from, size: 100 }, options);
      for (const session of page.sessions) found.set(session.id, session);
      if (page.sessions.length < 100) return [...found.values()];
    }
  }

  /** Ends a session and its driver. @returns false if there was none (any more) */
  deleteSession(session: SessionRef, options: CallOptions = {}): Promise<boolean> {
    return this.#calls.within('delete session', options, async (deadline) => {
      try {
        await this.#calls.retried('DELETE', `/sessions/${ref(session)}`, 'delete session', deadline, nothing);
        return true;
      } catch (error) {
        if (isLivyError(error, 'SESSION_NOT_FOUND')) return false;
        throw error;
      }
    });
  }

  /** Tells the server that the session is in use: its idle timeout starts again, even while it is busy. */
  async connectSession(session: SessionRef, options: CallOptions = {}): Promise<void> {
    await this.#calls.within('connect session', options, (deadline) =>
      this.#calls.retried('POST', `/sessions/${ref(session)}/connect`, 'connect session', deadline, nothing),
    );
  }

  /**
   * Sends code to run. With a `nonce` that the code contains, a statement whose reply was lost is found again;
   * `resend` then allows one more sending if the server does not know it: only for code that refuses to run twice.
   * @throws LivyError `SESSION_NOT_READY`, `SESSION_DEAD`, `SESSION_NOT_FOUND`; `NETWORK` or `TIMEOUT` if it may or may not run
   */
  submitStatement(
    session: SessionRef,
    statement: { code: string; kind?: string; nonce?: string; resend?: boolean },
    options: CallOptions = {},
  ): Promise<StatementInfo> {
    const { nonce } = statement;
    if (nonce !== undefined && !statement.code.includes(nonce)) {
      return Promise.reject(new LivyError('UNSUPPORTED', 'the code of the statement does not contain its nonce'));
    }
    return this.#calls.within('submit statement', options, async (deadline) => {
      const path = `/sessions/${ref(session)}/statements`;
      const body = { code: statement.code, ...(statement.kind === undefined ? {} : { kind: statement.kind }) };
      for (let attempt = 1; ; attempt++) {
        try {
          const reply = await this.#calls.exchange('POST', path, body, deadline);
          const sent = parseStatement(parsed(reply, 'submit statement'), 'submit statement');
          return this.#calls.ours(sent, nonce === undefined || sent.code.includes(nonce), 'submit statement');
        } catch (error) {
          if (!isUncertain(error)) throw error;
          const unsent = isLivyError(error, 'NETWORK') && error.details.maybeSent === false;
          if (!unsent) {
            if (nonce === undefined) throw error;
            const found = await this.#look(deadline, () => this.#byNonce(session, nonce, deadline));
            if (found !== undefined) return found;
          }
          if (attempt >= ATTEMPTS || (!unsent && statement.resend !== true)) throw error;
          await sleep(50 * attempt, deadline.signal);
        }
      }
    });
  }

  /** One statement. @throws LivyError `STATEMENT_NOT_FOUND` (the server keeps the last 100), `SESSION_DEAD` */
  async getStatement(session: SessionRef, statement: number, options: CallOptions = {}): Promise<StatementInfo> {
    const path = `/sessions/${ref(session)}/statements/${String(statement)}`;
    return await this.#calls.within('get statement', options, (deadline) =>
      this.#calls.retried('GET', path, 'get statement', deadline, (reply) => {
        const found = parseStatement(parsed(reply, 'get statement'), 'get statement');
        return this.#calls.ours(found, found.id === statement, 'get statement');
      }),
    );
  }

  /** The statements that the server still knows. */
  async listStatements(session: SessionRef, options: CallOptions = {}): Promise<StatementInfo[]> {
    const reply = await this.#calls.get(`/sessions/${ref(session)}/statements`, 'list statements', options);
    const statements: readonly unknown[] = Array.isArray(reply['statements']) ? reply['statements'] : [];
    return statements.map((statement) => parseStatement(statement, 'list statements'));
  }

  /** Asks to cancel. The server answers yes whatever it found: look at the statement, then probe the session. */
  async cancelStatement(session: SessionRef, statement: number, options: CallOptions = {}): Promise<void> {
    const path = `/sessions/${ref(session)}/statements/${String(statement)}/cancel`;
    await this.#calls.within('cancel statement', options, (deadline) =>
      this.#calls.retried('POST', path, 'cancel statement', deadline, nothing),
    );
  }

  /** Closes the kept connections. */
  close(): void {
    this.#calls.close();
  }

  async #session(session: SessionRef, deadline: Deadline): Promise<SessionInfo> {
    return await this.#calls.retried('GET', `/sessions/${ref(session)}`, 'get session', deadline, (reply) => {
      const found = parseSession(parsed(reply, 'get session'), 'get session');
      return this.#calls.ours(found, session === (typeof session === 'number' ? found.id : found.name), 'get session');
    });
  }

  async #byNonce(session: SessionRef, nonce: string, deadline: Deadline): Promise<StatementInfo | undefined> {
    const all = await this.listStatements(session, { signal: deadline.signal, timeoutMs: deadline.left });
    return all.find((statement) => statement.code.includes(nonce));
  }

  /** Looks a few times for what a lost POST may have made: the server may still be at it. */
  async #look<T>(deadline: Deadline, find: () => Promise<T | undefined>): Promise<T | undefined> {
    for (let look = 0; look < LOOKS; look++) {
      try {
        const found = await find();
        if (found !== undefined) return found;
      } catch (error) {
        if (!isLivyError(error, 'SESSION_NOT_FOUND', 'NETWORK')) throw error;
      }
      await sleep(50 * 2 ** look, deadline.signal);
    }
    return undefined;
  }
}

const nothing = (): void => undefined;

const ref = (session: SessionRef): string => encodeURIComponent(String(session));

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
