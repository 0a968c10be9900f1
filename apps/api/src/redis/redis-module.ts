import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { LOG, type Log } from '../log.js';
import { Channels } from './channels.js';
import { RedisConnections, type RedisRole } from './redis-connections.js';

/** The connections of a process, its channels, and what all of its queues and queue workers share. */
@Module({})
export class RedisModule implements OnApplicationShutdown {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  static of(role: RedisRole): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      imports: [
        BullModule.forRootAsync({
          inject: [RedisConnections, CONFIG],
          useFactory: (redis: RedisConnections, config: Config) => ({
            connection: redis.connect('queues'),
            // BullMQ's keys lie beside ours, in the same slot of a cluster.
            prefix: `${config.redis.prefix}bull`,
            skipVersionCheck: true,
          }),
        }),
      ],
      providers: [
        {
          provide: RedisConnections,
          inject: [CONFIG, LOG],
          useFactory: (config: Config, log: Log) => new RedisConnections(config, log, role),
        },
        {
          provide: Channels,
          inject: [RedisConnections],
          useFactory: (redis: RedisConnections) => new Channels(redis.subscriber),
        },
      ],
      exports: [RedisConnections, Channels],
    };
  }

  onApplicationShutdown(): void {
    this.#redis.close();
  }
}
