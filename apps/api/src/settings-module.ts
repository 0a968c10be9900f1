import { type DynamicModule, Module } from '@nestjs/common';
import { CONFIG, type Config } from './config.js';
import { LOG, type Log } from './log.js';

/** Configuration and log for every other module of a process. */
@Module({})
export class SettingsModule {
  static of(config: Config, log: Log): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
      ],
      exports: [CONFIG, LOG],
    };
  }
}
