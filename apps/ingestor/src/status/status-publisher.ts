import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { CaptureStatus } from './status-board.js';

const EXPIRY_SECONDS = 15;

/** Tells the API through Redis how capture goes (docs/capture-status.md). Capture never waits for it, nor fails with it. */
export class StatusPublisher {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #logger: Logger;
  #isDown = false;

  constructor(url: string, prefix: string, logger: Logger) {
    this.#key = `${prefix}capture`;
    this.#logger = logger;
    this.#redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2000,
      commandTimeout: 2000,
      retryStrategy: (attempt) => Math.min(attempt * 200, 2000),
    });
    this.#redis.on('error', (error: Error) => this.#down(error));
    this.#redis.on('ready', () => {
      if (this.#isDown) this.#logger.info('Redis is back');
      this.#isDown = false;
    });
  }

  async publish(status: CaptureStatus): Promise<void> {
    if (this.#redis.status !== 'ready') return;
    const json = JSON.stringify(status);
    try {
      await this.#redis.multi().set(this.#key, json, 'EX', EXPIRY_SECONDS).publish(this.#key, json).exec();
    } catch (error) {
      this.#down(error);
    }
  }

  close(): void {
    this.#redis.disconnect();
  }

  #down(error: unknown): void {
    if (!this.#isDown)
      this.#logger.warn({ err: error }, 'Redis does not answer: capture goes on, its status is not shown');
    this.#isDown = true;
  }
}
