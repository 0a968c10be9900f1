import { Module, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { LOG, type Log } from '../log.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RunEvents } from '../runs/run-events.js';
import { RunQueues } from '../runs/run-queues.js';
import { AnalysisResolver, AnalysisResultResolver } from './analysis-resolver.js';
import { AnalysisService } from './analysis-service.js';
import { RunStore } from '../runs/run-store.js';
import { EngineResolver } from './engine-resolver.js';
import { LakeFiles } from '../lake/lake-files.js';
import { PageStore } from '../runs/page-store.js';
import { PostsResolver } from './posts-resolver.js';
import { PostsService } from './posts-service.js';
import { Snapshots } from '../lake/snapshots.js';

/** Analyses as the HTTP process sees them: it enqueues and reads. */
@Module({
  providers: [
    AnalysisResolver,
    AnalysisResultResolver,
    PostsResolver,
    EngineResolver,
    {
      provide: Channels,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new Channels(redis.subscriber),
    },
    {
      provide: RunStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) =>
        new RunStore(redis.commands, config.redis.prefix, config.results.ttlSeconds),
    },
    {
      provide: PageStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) => new PageStore(redis.commands, config.redis.prefix),
    },
    {
      provide: RunQueues,
      inject: [RedisConnections, CONFIG, LOG],
      useFactory: (redis: RedisConnections, config: Config, log: Log) =>
        new RunQueues(
          (name) => redis.connect(name),
          config.redis.prefix,
          (error) => {
            log.debug({ err: error }, 'the queue lost Redis');
          },
        ),
    },
    {
      provide: Snapshots,
      inject: [CONFIG],
      useFactory: ({ lake }: Config) => new Snapshots(lake.root),
    },
    {
      provide: RunEvents,
      inject: [RunStore, Channels],
      useFactory: (store: RunStore, channels: Channels) => new RunEvents(store, channels),
    },
    {
      provide: AnalysisService,
      inject: [RunStore, RunQueues, Snapshots, CONFIG],
      useFactory: (store: RunStore, queue: RunQueues, snapshots: Snapshots, config: Config) =>
        new AnalysisService(store, queue, snapshots, config.engine),
    },
    {
      provide: PostsService,
      inject: [RunStore, PageStore, RunQueues],
      useFactory: (store: RunStore, pages: PageStore, queue: RunQueues) =>
        new PostsService(store, pages, queue, new LakeFiles(store)),
    },
  ],
  exports: [RunStore, RunQueues, Channels, Snapshots, RunEvents],
})
export class AnalysesModule implements OnModuleDestroy {
  readonly #events: RunEvents;
  readonly #queue: RunQueues;

  constructor(events: RunEvents, queue: RunQueues) {
    this.#events = events;
    this.#queue = queue;
  }

  async onModuleDestroy(): Promise<void> {
    this.#events.close();
    await this.#queue.close();
  }
}
