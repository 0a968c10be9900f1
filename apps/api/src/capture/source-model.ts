import type { GapCause, SourceState } from '@analytica/domain/contracts';
import { Field, Float, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { GapCauseEnum, SourceStateEnum } from '../graphql/enums.js';

@ObjectType('ReconnectCount')
export class ReconnectCountModel {
  @Field(() => GapCauseEnum) readonly cause: GapCause;
  @Field(() => Float) readonly count: number;
}

@ObjectType('SourceConnection')
export class SourceConnectionModel {
  @Field({ description: 'The host that the source is connected to, or was last' })
  readonly host: string;
  @Field(() => DateTime, { nullable: true, description: 'Since when the connection stands; null without one' })
  readonly since: number | null;
  @Field(() => DateTime, { nullable: true, description: 'createdAt of the newest post that came' })
  readonly lastPostAt: number | null;
  @Field(() => [ReconnectCountModel], { description: 'Connections that ended since the ingestor started' })
  readonly reconnects: readonly ReconnectCountModel[];
}

@ObjectType('SourceRule')
export class SourceRuleModel {
  @Field() readonly value: string;
  @Field(() => String, { nullable: true }) readonly tag: string | null;
  @Field(() => String, { nullable: true, description: 'What is wrong with it, in one sentence' })
  readonly problem: string | null;
}

@ObjectType('SourceUsage', { description: 'Paid posts of the platform in this month' })
export class SourceUsageModel {
  @Field(() => Float) readonly posts: number;
  @Field(() => Float, { nullable: true }) readonly maxPosts: number | null;
  @Field(() => Float) readonly dollars: number;
  @Field(() => Float, { nullable: true }) readonly maxDollars: number | null;
  @Field(() => DateTime, { description: 'When the month ends' }) readonly resetsAt: number;
}

@ObjectType('CaptureSource')
export class CaptureSourceModel {
  @Field({ description: 'As INGEST_SOURCES has it' }) readonly name: string;
  @Field(() => SourceStateEnum) readonly state: SourceState;
  @Field(() => [String], { description: 'What a person should know or mend, one sentence each' })
  readonly problems: readonly string[];
  @Field(() => Float, { nullable: true, description: 'How far the source is behind what happens now' })
  readonly lagMs: number | null;
  @Field(() => [Float], { description: 'Stored posts in each of the last 60 seconds, the oldest first' })
  readonly perSecond: readonly number[];
  @Field(() => SourceConnectionModel, { nullable: true }) readonly connection: SourceConnectionModel | null;
  @Field(() => [SourceRuleModel], { nullable: true, description: 'What its platform selects posts by' })
  readonly rules: readonly SourceRuleModel[] | null;
  @Field(() => SourceUsageModel, { nullable: true, description: 'Null where posts cost nothing' })
  readonly usage: SourceUsageModel | null;
}
