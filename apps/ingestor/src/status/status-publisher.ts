import { CAPTURE_STATUS_LIFETIME_SECONDS, captureKey, type CaptureStatus } from '@analytica/domain/contracts';
import type { Logger } from 'pino';
import { openRedis, type RedisClient } from './redis-client.js';

/** Tells the API through Redis how capture goes. Capture never waits for it, nor fails with it. */
export class StatusPublisher {
  readonly #redis: RedisClient;
  readonly #key: string;
  readonly #logger: Logger;
  #isDown = false;

  constructor(url: string, prefix: string, logger: Logger) {
    this.#key = captureKey(prefix);
    this.#logger = logger;
    this.#redis = openRedis(url);
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
