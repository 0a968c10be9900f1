import type { Bucket, IntervalPreset, PostSource } from '@analytica/domain';
import type { EngineName } from '@analytica/engine';
import { registerEnumType } from '@nestjs/graphql';
import type { EngineChoice } from '../config/engine-config.js';

// Each object maps GraphQL's name to the value that the domain uses, so that resolvers need no translation.

export const AnalysisStatusEnum = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const;
registerEnumType(AnalysisStatusEnum, { name: 'AnalysisStatus' });

export const IntervalPresetEnum = {
  LAST_24_HOURS: 'LAST_24_HOURS',
  LAST_3_DAYS: 'LAST_3_DAYS',
  LAST_7_DAYS: 'LAST_7_DAYS',
} as const satisfies Record<IntervalPreset, IntervalPreset>;
registerEnumType(IntervalPresetEnum, { name: 'IntervalPreset' });

export const BucketSizeEnum = {
  MINUTES_5: '5min',
  MINUTES_15: '15min',
  MINUTES_30: '30min',
  HOUR_1: '1h',
  HOURS_3: '3h',
  HOURS_6: '6h',
  DAY_1: '1d',
  WEEK_1: '1w',
  MONTH_1: '1mo',
} as const satisfies Record<string, Bucket>;
registerEnumType(BucketSizeEnum, { name: 'BucketSize' });

export const PostOrderEnum = { NEWEST: 'newest', MOST_RETWEETED: 'most-retweeted' } as const;
registerEnumType(PostOrderEnum, { name: 'PostOrder' });

export const SourceEnum = { X: 'x', BLUESKY: 'bluesky', DEMO: 'demo' } as const satisfies Record<string, PostSource>;
registerEnumType(SourceEnum, { name: 'Source' });

export const EngineEnum = { EMBEDDED: 'embedded', CLUSTER: 'cluster' } as const satisfies Record<string, EngineName>;
registerEnumType(EngineEnum, { name: 'Engine' });

export const EngineChoiceEnum = {
  EMBEDDED: 'embedded',
  CLUSTER: 'cluster',
  AUTO: 'auto',
} as const satisfies Record<string, EngineChoice>;
registerEnumType(EngineChoiceEnum, {
  name: 'EngineChoice',
  description: 'AUTO takes the embedded engine up to a size of data, the cluster beyond it',
});

export const CaptureStateEnum = {
  STARTING: 'STARTING',
  FILLING: 'FILLING',
  LIVE: 'LIVE',
  REPLAYING: 'REPLAYING',
  IDLE: 'IDLE',
  STOPPED: 'STOPPED',
  UNKNOWN: 'UNKNOWN',
} as const;
registerEnumType(CaptureStateEnum, { name: 'CaptureState' });
