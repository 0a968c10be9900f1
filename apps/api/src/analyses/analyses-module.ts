import { Module, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { LakeFiles } from '../lake/lake-files.js';
import { LakeModule } from '../lake/lake-module.js';
import { Snapshots } from '../lake/snapshots.js';
import { Channels } from '../redis/channels.js';
import { PageReader } from '../runs/page-reader.js';
import { PageStore } from '../runs/page-store.js';
import { RunEvents } from '../runs/run-events.js';
import { RunQueuesModule } from '../runs/run-queues-module.js';
import { RunQueues } from '../runs/run-queues.js';
import { RunStore } from '../runs/run-store.js';
import { RunsModule } from '../runs/runs-module.js';
import { SnapshotStore } from '../runs/snapshot-store.js';
import { AnalysisResolver, AnalysisResultResolver } from './analysis-resolver.js';
import { AnalysisService } from './analysis-service.js';
import { EngineResolver } from './engine-resolver.js';
import { PostsResolver } from './posts-resolver.js';
import { PostsService } from './posts-service.js';

/** The GraphQL side of questions: it enqueues and reads. */
@Module({
  imports: [RunsModule, RunQueuesModule, LakeModule],
  providers: [
    AnalysisResolver,
    AnalysisResultResolver,
    PostsResolver,
    EngineResolver,
    {
      provide: RunEvents,
      inject: [RunStore, Channels],
      useFactory: (store: RunStore, channels: Channels) => new RunEvents(store, channels),
    },
    {
      provide: PageReader,
      inject: [PageStore, Channels],
      useFactory: (pages: PageStore, channels: Channels) => new PageReader(pages, channels),
    },
    {
      provide: AnalysisService,
      inject: [RunStore, SnapshotStore, RunQueues, Snapshots, CONFIG],
      useFactory: (store: RunStore, kept: SnapshotStore, queues: RunQueues, snapshots: Snapshots, { engine }: Config) =>
        new AnalysisService({ store, kept, queues, snapshots, engines: engine }),
    },
    {
      provide: PostsService,
      inject: [RunStore, PageReader, RunQueues, LakeFiles],
      useFactory: (store: RunStore, pages: PageReader, queues: RunQueues, files: LakeFiles) =>
        new PostsService(store, pages, queues, files),
    },
  ],
  exports: [RunEvents],
})
export class AnalysesModule implements OnModuleDestroy {
  readonly #events: RunEvents;
  readonly #pages: PageReader;

  constructor(events: RunEvents, pages: PageReader) {
    this.#events = events;
    this.#pages = pages;
  }

  onModuleDestroy(): void {
    this.#events.close();
    this.#pages.close();
  }
}
