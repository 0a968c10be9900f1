import { type CallOptions } from './api.js';
import { isLivyError, LivyError } from './errors.js';
import { parseObject } from './parse.js';
import { refusal } from './refusal.js';
import { Deadline, sleep } from './timing.js';
import { type Reply, type Transport } from './transport.js';

/** How often a request is tried. */
export const ATTEMPTS = 3;

type Method = 'GET' | 'POST' | 'DELETE';
type Json = Readonly<Record<string, unknown>>;

/** Calls of the server: exchanges with deadlines, tried again where that is harmless. */
export class Calls {
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #attemptTimeoutMs: number;

  constructor(transport: Transport, timeoutMs: number, attemptTimeoutMs: number) {
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
    this.#attemptTimeoutMs = attemptTimeoutMs;
  }

  /** A GET's reply as an object. */
  get(path: string, what: string, options: CallOptions): Promise<Json> {
    return this.within(what, options, (deadline) =>
      this.retried('GET', path, what, deadline, (reply) => parsed(reply, what)),
    );
  }

  /** For requests that may be sent twice. A gateway's 502, 503, 504 and a failed exchange are tried again. */
  async retried<T>(
    method: Method,
    path: string,
    what: string,
    deadline: Deadline,
    read: (reply: Reply) => T,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.exchange(method, path, method === 'POST' ? {} : undefined, deadline);
        if (reply.status < 300) return read(reply);
        throw refusal(what, reply);
      } catch (error) {
        if (attempt >= ATTEMPTS || !(isUncertain(error) || isGateway(error))) throw error;
        await sleep(50 * 4 ** (attempt - 1) * (0.5 + Math.random()), deadline.signal);
      }
    }
  }

  /** One exchange. */
  async exchange(method: Method, path: string, body: unknown, within: Deadline): Promise<Reply> {
    const attempt = new Deadline(this.#attemptTimeoutMs, within.signal, `${method} ${path}`);
    try {
      return await this.#transport.send({ method, path, body, signal: attempt.signal });
    } catch (error) {
      throw within.signal.aborted ? (within.signal.reason as Error) : error;
    } finally {
      attempt.clear();
    }
  }

  /**
   * What a reply holds, if it is to the request that was made. One to another request, come late on a kept connection, is
   * none: the connections are given up, and the caller asks again or looks.
   */
  ours<T>(found: T, isOurs: boolean, what: string): T {
    if (isOurs) return found;
    this.#transport.close();
    throw new LivyError('NETWORK', `${what}: the reply is to another request`, { maybeSent: true });
  }

  /** Runs `work` under the caller's signal and deadline. */
  async within<T>(what: string, options: CallOptions, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = new Deadline(options.timeoutMs ?? this.#timeoutMs, options.signal, what);
    try {
      return await work(deadline);
    } catch (error) {
      // The call's own end explains more than what it interrupted.
      throw deadline.signal.aborted ? (deadline.signal.reason as Error) : error;
    } finally {
      deadline.clear();
    }
  }

  close(): void {
    this.#transport.close();
  }
}

/** A good reply's body as an object. @throws LivyError what the server refused, `BAD_REPLY` */
export function parsed(reply: Reply, what: string): Json {
  if (reply.status >= 300) throw refusal(what, reply);
  return parseObject(reply.body, what);
}

/** Whether nobody knows if the request arrived. */
export const isUncertain = (error: unknown): boolean => isLivyError(error, 'NETWORK', 'TIMEOUT');

const isGateway = (error: unknown): boolean =>
  isLivyError(error, 'HTTP') && [502, 503, 504].includes(error.details.status ?? 0);
