import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { RunsModule } from '../runs/runs-module.js';
import { SnapshotStore } from '../runs/snapshot-store.js';
import { LakeFiles } from './lake-files.js';
import { Snapshots } from './snapshots.js';

/** The lake as the HTTP process reads it. */
@Module({
  imports: [RunsModule],
  providers: [
    {
      provide: Snapshots,
      inject: [CONFIG],
      useFactory: (config: Config) => new Snapshots(config.lake.root),
    },
    {
      provide: LakeFiles,
      inject: [SnapshotStore],
      useFactory: (snapshots: SnapshotStore) => new LakeFiles(snapshots),
    },
  ],
  exports: [Snapshots, LakeFiles],
})
export class LakeModule {}
