import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from './config.js';
import type { Log } from './log.js';
import type { RedisRole } from './redis/redis-connections.js';
import { RedisModule } from './redis/redis-module.js';
import { RunsModule } from './runs/runs-module.js';
import { SettingsModule } from './settings-module.js';

/** What both processes are made of. The HTTP process adds its HTTP side (HttpModule), the worker its engines (WorkerModule). */
@Module({})
export class AppModule {
  static of(config: Config, log: Log, role: RedisRole): DynamicModule {
    return {
      module: AppModule,
      imports: [SettingsModule.of(config, log), RedisModule.of(role), RunsModule],
      exports: [RunsModule],
    };
  }
}
