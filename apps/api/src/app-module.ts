import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from './config.js';
import { LOG, type Log } from './log.js';
import { RedisConnections, type RedisRole } from './redis/redis-connections.js';

/** Configuration, log and Redis for every other module of a process. */
@Module({})
export class CoreModule implements OnApplicationShutdown {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  static of(config: Config, log: Log, role: RedisRole): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: RedisConnections, useFactory: () => new RedisConnections(config, log, role) },
      ],
      exports: [CONFIG, LOG, RedisConnections],
    };
  }

  onApplicationShutdown(): void {
    this.#redis.close();
  }
}
