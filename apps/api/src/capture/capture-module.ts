import { Module } from '@nestjs/common';
import { AnalysesModule } from '../analyses/analyses-module.js';
import { Snapshots } from '../lake/snapshots.js';
import { CONFIG, type Config } from '../config.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { CaptureResolver } from './capture-resolver.js';
import { CaptureService } from './capture-service.js';
import { ExampleTopics } from './example-topics.js';

@Module({
  imports: [AnalysesModule],
  providers: [
    CaptureResolver,
    {
      provide: CaptureService,
      inject: [RedisConnections, CONFIG, Channels, Snapshots],
      useFactory: (redis: RedisConnections, config: Config, channels: Channels, snapshots: Snapshots) =>
        new CaptureService(redis.commands, config.redis.prefix, channels, snapshots, isDemo(config)),
    },
    {
      provide: ExampleTopics,
      inject: [CONFIG],
      useFactory: (config: Config) => new ExampleTopics(isDemo(config)),
    },
  ],
  exports: [CaptureService],
})
export class CaptureModule {}

function isDemo(config: Config): boolean {
  return config.lake.ingestSource === 'demo';
}
