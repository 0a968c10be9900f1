import type { AnalysisProgress, EngineChoice, IntervalPreset } from '@analytica/domain';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { AnalysisStatusEnum, EngineChoiceEnum, EngineEnum, IntervalPresetEnum } from '../graphql/enums.js';
import type { AnalysisRecord, AnalysisStatus, SnapshotSummary } from '../runs/run-records.js';

@InputType('IntervalInput', { description: "Either a preset, or from and to; 'to' is excluded" })
export class IntervalInputModel {
  @Field(() => IntervalPresetEnum, { nullable: true }) readonly preset?: IntervalPreset | null;
  @Field(() => DateTime, { nullable: true }) readonly from?: number | null;
  @Field(() => DateTime, { nullable: true }) readonly to?: number | null;
}

@InputType('StartAnalysisInput')
export class StartAnalysisInputModel {
  @Field() readonly topic: string;
  @Field(() => IntervalInputModel) readonly interval: IntervalInputModel;
  @Field(() => String, { defaultValue: 'UTC' }) readonly timeZone: string;
  @Field(() => Boolean, { defaultValue: false }) readonly includeStopWords: boolean;
  @Field(() => Boolean, { defaultValue: false }) readonly includeRetweetWords: boolean;
  @Field(() => EngineChoiceEnum, { nullable: true, description: "Without an engine: the deployment's default" })
  readonly engine?: EngineChoice | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The same key gives the same analysis to every sender. 16 to 128 visible ASCII characters, chosen at random',
  })
  readonly idempotencyKey?: string | null;
}

@ObjectType('UserError')
export class UserErrorModel {
  @Field() readonly code: string;
  @Field() readonly message: string;
  @Field(() => String, { nullable: true }) readonly field?: string | null;
  @Field(() => Int, { nullable: true }) readonly position?: number | null;
  @Field(() => Int, { nullable: true }) readonly length?: number | null;
  @Field(() => String, { nullable: true }) readonly suggestion?: string | null;
}

@ObjectType('SnapshotInfo')
export class SnapshotInfoModel {
  @Field(() => ID) readonly id: string;
  @Field(() => DateTime) readonly watermark: number;
  @Field(() => Int) readonly files: number;
  @Field(() => Int) readonly posts: number;
}

@ObjectType('Progress')
export class ProgressModel {
  @Field(() => Int) readonly partitionsDone: number;
  @Field(() => Int) readonly partitionsTotal: number;
  @Field(() => Int) readonly matchedPosts: number;
  @Field(() => DateTime, { nullable: true }) readonly readFrom: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether the run waits for a session of the cluster' })
  readonly waiting?: boolean;
}

@ObjectType('AnalysisError')
export class AnalysisErrorModel {
  @Field() readonly code: string;
  @Field() readonly message: string;
  @Field() readonly retryable: boolean;
}

@ObjectType('Analysis')
export class AnalysisModel {
  /** Fields that cost something are resolved from this. */
  readonly record: AnalysisRecord;

  @Field(() => ID) readonly id: string;
  @Field(() => AnalysisStatusEnum) readonly status: AnalysisStatus;
  @Field({ description: 'The topic as it was asked' }) readonly topic: string;
  @Field() readonly canonicalTopic: string;
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime) readonly to: number;
  @Field(() => IntervalPresetEnum, { nullable: true }) readonly preset: IntervalPreset | null;
  @Field() readonly timeZone: string;
  @Field() readonly includeStopWords: boolean;
  @Field() readonly includeRetweetWords: boolean;
  @Field(() => EngineEnum, { description: 'The engine that answers' }) readonly engine: string;
  @Field(() => EngineChoiceEnum, {
    description: 'The engine that was asked for, or the default. Where it is AUTO, the size of the data decided',
  })
  readonly engineChoice: EngineChoice;
  @Field(() => SnapshotInfoModel) readonly snapshot: SnapshotSummary;
  @Field(() => DateTime) readonly createdAt: number;
  @Field(() => DateTime, { nullable: true }) readonly startedAt: number | null;
  @Field(() => DateTime, { nullable: true }) readonly finishedAt: number | null;
  @Field(() => ProgressModel, { nullable: true }) readonly progress: AnalysisProgress | null;
  @Field(() => AnalysisErrorModel, { nullable: true }) readonly error: AnalysisErrorModel | null;

  static of(record: AnalysisRecord): AnalysisModel {
    const { run, state } = record;
    return Object.assign(new AnalysisModel(), {
      record,
      id: record.id,
      status: state.status,
      topic: record.topic,
      canonicalTopic: run.spec.topic,
      from: run.spec.interval.from,
      to: run.spec.interval.to,
      preset: record.preset,
      timeZone: run.spec.timeZone,
      includeStopWords: run.spec.includeStopWords,
      includeRetweetWords: run.spec.includeRetweetWords,
      engine: run.engine,
      engineChoice: record.engineChoice,
      snapshot: run.snapshot,
      createdAt: record.createdAt,
      startedAt: state.startedAt,
      finishedAt: state.finishedAt,
      progress: state.progress,
      error: state.error,
    });
  }
}

@ObjectType('StartAnalysisPayload')
export class StartAnalysisPayloadModel {
  @Field(() => AnalysisModel, { nullable: true }) readonly analysis: AnalysisModel | null;
  @Field(() => [UserErrorModel]) readonly userErrors: readonly UserErrorModel[];
}

@ObjectType('CancelAnalysisPayload')
export class CancelAnalysisPayloadModel {
  @Field(() => AnalysisModel, { nullable: true }) readonly analysis: AnalysisModel | null;
  @Field(() => [UserErrorModel]) readonly userErrors: readonly UserErrorModel[];
}

@ObjectType('AnalysisEvent')
export class AnalysisEventModel {
  @Field(() => Int) readonly seq: number;
  @Field(() => AnalysisModel) readonly analysis: AnalysisModel;
}
