import { AppError } from '@analytica/domain';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import { openRedis, type RedisClient } from './redis-client.js';

/** How long a command of the HTTP process may take before it fails with QUEUE_UNAVAILABLE. */
const COMMAND_TIMEOUT_MS = 1_500;

export type RedisRole = 'http' | 'worker';

/**
 * The process's connections to Redis. The HTTP process answers a person, so its commands fail at once while Redis is away;
 * a worker holds work that must not be lost, so its commands wait for Redis to come back.
 */
export class RedisConnections {
  readonly commands: RedisClient;
  readonly subscriber: RedisClient;
  readonly #config: Config;
  readonly #log: Log;
  readonly #role: RedisRole;
  readonly #open: RedisClient[] = [];
  #problem: string | null = null;

  constructor(config: Config, log: Log, role: RedisRole) {
    this.#config = config;
    this.#log = log;
    this.#role = role;
    this.commands = this.connect('commands');
    this.subscriber = this.#connect('subscriber', true, null);
  }

  /** One more connection that behaves as the process needs it; it closes with the others. */
  connect(name: string): RedisClient {
    return this.#role === 'http' ? this.#connect(name, false, COMMAND_TIMEOUT_MS) : this.#connect(name, true, null);
  }

  /** Waits until all connections are there, at most `ms`; a Redis that comes later is fine too. */
  async waitUntilReady(ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    while (this.#open.some((client) => client.status !== 'ready')) {
      if (performance.now() >= end) return false;
      await new Promise((done) => setTimeout(done, 20));
    }
    return true;
  }

  close(): void {
    for (const client of this.#open) client.disconnect();
  }

  #connect(name: string, waits: boolean, commandTimeoutMs: number | null): RedisClient {
    const client = openRedis(this.#config.redis.address, {
      name: `analytica-${this.#role}-${name}`,
      waits,
      commandTimeoutMs,
    });
    client.on('error', (error: Error) => {
      this.#report(error.message);
    });
    client.on('ready', () => {
      this.#report(null);
    });
    this.#open.push(client);
    return client;
  }

  #report(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (problem === null) this.#log.info('connected to Redis');
    else this.#log.warn({ reason: problem }, 'Redis cannot be reached, trying again');
  }
}

/** Runs a piece of work on Redis; whatever Redis or BullMQ throws becomes one typed, retryable error, within a deadline. */
export async function withQueue<T>(work: () => Promise<T>, deadlineMs = COMMAND_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${deadlineMs} ms`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'QUEUE_UNAVAILABLE',
      'The queue (Redis) cannot be reached right now. Nothing is lost; try again in a moment.',
      { retryable: true, cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}
