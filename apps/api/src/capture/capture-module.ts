import { Module } from '@nestjs/common';
import { LakeModule } from '../lake/lake-module.js';
import { Snapshots } from '../lake/snapshots.js';
import { CONFIG, type Config } from '../config.js';
import { Channels } from '../redis/channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { CaptureResolver } from './capture-resolver.js';
import { CaptureService } from './capture-service.js';
import { CoverageResolver } from './coverage-resolver.js';

@Module({
  imports: [LakeModule],
  providers: [
    CaptureResolver,
    CoverageResolver,
    {
      provide: CaptureService,
      inject: [RedisConnections, CONFIG, Channels, Snapshots],
      useFactory: (redis: RedisConnections, config: Config, channels: Channels, snapshots: Snapshots) =>
        new CaptureService(redis.commands, config.redis.prefix, channels, snapshots, config.lake.root),
    },
  ],
  exports: [CaptureService],
})
export class CaptureModule {}
