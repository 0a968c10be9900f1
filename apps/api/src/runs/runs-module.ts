import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { PageStore } from './page-store.js';
import { RunStore } from './run-store.js';
import { SnapshotStore } from './snapshot-store.js';

/** What both processes read and write of runs. */
@Module({
  providers: [
    {
      provide: RunStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) =>
        new RunStore(redis.commands, config.redis.prefix, config.results.ttlSeconds),
    },
    {
      provide: SnapshotStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) =>
        new SnapshotStore(redis.commands, config.redis.prefix, config.results.ttlSeconds),
    },
    {
      provide: PageStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) => new PageStore(redis.commands, config.redis.prefix),
    },
  ],
  exports: [RunStore, SnapshotStore, PageStore],
})
export class RunsModule {}
