import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AnalysesModule } from '../analyses/analyses-module.js';
import { RunEvents } from '../runs/run-events.js';
import { RunStore } from '../runs/run-store.js';
import { CaptureModule } from '../capture/capture-module.js';
import { CaptureService } from '../capture/capture-service.js';
import type { Config } from '../config.js';
import { AppModule } from '../app-module.js';
import { graphqlOptions } from '../graphql/graphql-options.js';
import { SocketCount } from '../graphql/socket-count.js';
import { HealthController } from './health-controller.js';
import { LakeModule } from '../lake/lake-module.js';
import type { Log } from '../log.js';
import { MetricsController } from './metrics-controller.js';
import { ApiMetrics } from './api-metrics.js';
import { DashboardAssets } from './dashboard-assets.js';

/** The HTTP process: what both processes have, and GraphQL, health, metrics and the dashboard. */
@Module({})
export class HttpModule {
  static of(config: Config, log: Log): DynamicModule {
    return {
      module: HttpModule,
      imports: [
        AppModule.of(config, log, 'http'),
        LakeModule,
        AnalysesModule,
        CaptureModule,
        GraphQLModule.forRoot<ApolloDriverConfig>(graphqlOptions(config, log)),
      ],
      controllers: [HealthController, MetricsController],
      providers: [
        SocketCount,
        { provide: DashboardAssets, useFactory: () => new DashboardAssets(config.web.dist) },
        {
          provide: ApiMetrics,
          inject: [RunStore, RunEvents, CaptureService, SocketCount],
          useFactory: (store: RunStore, events: RunEvents, capture: CaptureService, sockets: SocketCount) =>
            new ApiMetrics({
              byStatus: () => store.countByStatus(Date.now()),
              subscribers: () => events.subscribers + capture.subscribers,
              sockets: () => sockets.read(),
            }),
        },
      ],
    };
  }
}
