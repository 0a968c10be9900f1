import { lakeRoot } from '@analytica/lake';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { LOG, type Log } from '../log.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RunEvents } from '../runs/run-events.js';
import { AnalysisQueue } from '../runs/run-queues.js';
import { AnalysisResolver, AnalysisResultResolver } from './analysis-resolver.js';
import { AnalysisService } from './analysis-service.js';
import { AnalysisStore } from '../runs/run-store.js';
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
      provide: AnalysisStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) =>
        new AnalysisStore(redis.commands, config.redis.prefix, config.results.ttlSeconds),
    },
    {
      provide: PageStore,
      inject: [RedisConnections, CONFIG],
      useFactory: (redis: RedisConnections, config: Config) => new PageStore(redis.commands, config.redis.prefix),
    },
    {
      provide: AnalysisQueue,
      inject: [RedisConnections, CONFIG, LOG],
      useFactory: (redis: RedisConnections, config: Config, log: Log) =>
        new AnalysisQueue(
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
      useFactory: ({ lake }: Config) => new Snapshots(lakeRoot(lake.dataDir, lake.ingestSource)),
    },
    {
      provide: RunEvents,
      inject: [AnalysisStore, Channels],
      useFactory: (store: AnalysisStore, channels: Channels) => new RunEvents(store, channels),
    },
    {
      provide: AnalysisService,
      inject: [AnalysisStore, AnalysisQueue, Snapshots, CONFIG],
      useFactory: (store: AnalysisStore, queue: AnalysisQueue, snapshots: Snapshots, config: Config) =>
        new AnalysisService(store, queue, snapshots, config.engine),
    },
    {
      provide: PostsService,
      inject: [AnalysisStore, PageStore, AnalysisQueue],
      useFactory: (store: AnalysisStore, pages: PageStore, queue: AnalysisQueue) =>
        new PostsService(store, pages, queue, new LakeFiles(store)),
    },
  ],
  exports: [AnalysisStore, AnalysisQueue, Channels, Snapshots, RunEvents],
})
export class AnalysesModule implements OnModuleDestroy {
  constructor(
    private readonly events: RunEvents,
    private readonly queue: AnalysisQueue,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.events.close();
    await this.queue.close();
  }
}
