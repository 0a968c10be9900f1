import { CAPTURE_STATUS_LIFETIME_SECONDS, captureKey, type CaptureStatus } from '@analytica/domain/contracts';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** Tells the API through Redis how capture goes. Capture never waits for it, nor fails with it. */
export class StatusPublisher {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #logger: Logger;
  #isDown = false;

  constructor(url: string, prefix: string, logger: Logger) {
    this.#key = captureKey(prefix);
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
      await this.#redis
        .multi()
        .set(this.#key, json, 'EX', CAPTURE_STATUS_LIFETIME_SECONDS)
        .publish(this.#key, json)
        .exec();
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
