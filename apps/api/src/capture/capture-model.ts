import type { PostSource } from '@analytica/domain';
import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { CaptureSourceModel } from './source-model.js';
import { CaptureLakeModel, CaptureLogModel, DeadLetterReasonModel } from './storage-model.js';
import { CaptureStateEnum, SourceEnum } from '../graphql/enums.js';

@ObjectType('Accounting')
export class AccountingModel {
  @Field(() => Float) readonly received: number;
  @Field(() => Float) readonly stored: number;
  @Field(() => Float) readonly duplicates: number;
  @Field(() => Float) readonly deletes: number;
  @Field(() => Float) readonly notPosts: number;
  @Field(() => Float) readonly deadLetters: number;
  @Field(() => Float, { description: 'Posts in a language that is not captured' }) readonly filtered: number;
  @Field(() => Float) readonly pending: number;
}

@ObjectType('CapturedPost')
export class CapturedPostModel {
  @Field(() => ID) readonly id: string;
  @Field(() => SourceEnum) readonly source: PostSource;
  @Field(() => DateTime) readonly createdAt: string;
  @Field() readonly text: string;
  @Field(() => String, { nullable: true }) readonly authorUsername: string | null;
}

@ObjectType('SourceRate')
export class SourceRateModel {
  @Field(() => SourceEnum) readonly source: PostSource;
  @Field(() => [Float], { description: 'Posts in each of the last 60 seconds, the oldest first' })
  readonly perSecond: readonly number[];
}

@ObjectType('Capture')
export class CaptureModel {
  @Field(() => CaptureStateEnum) readonly state: string;
  @Field(() => String, { nullable: true, description: 'What is wrong, in one sentence; null where nothing is' })
  readonly problem: string | null;
  @Field() readonly demo: boolean;
  @Field(() => AccountingModel) readonly accounting: AccountingModel;
  @Field(() => Float, { description: 'Stored reposts without text, because their original was not at hand' })
  readonly repostsWithoutOriginal: number;
  @Field(() => [SourceRateModel]) readonly rates: readonly SourceRateModel[];
  @Field(() => [CapturedPostModel]) readonly recent: readonly CapturedPostModel[];
  @Field(() => Float, { nullable: true, description: 'Progress of FILLING or REPLAYING, from 0 to 1' })
  readonly progress: number | null;
  @Field(() => DateTime, { nullable: true }) readonly watermark: number | null;
  @Field(() => DateTime, { nullable: true }) readonly oldest: number | null;
  @Field(() => Float) readonly posts: number;
  @Field(() => [CaptureSourceModel], { description: 'Each source that is switched on' })
  readonly sources: readonly CaptureSourceModel[];
  @Field(() => CaptureLogModel, { nullable: true, description: 'Null where the ingestor does not report' })
  readonly log: CaptureLogModel | null;
  @Field(() => CaptureLakeModel, { nullable: true, description: 'Null where the ingestor does not report' })
  readonly lake: CaptureLakeModel | null;
  @Field(() => [DeadLetterReasonModel], { description: 'The commonest first' })
  readonly deadLetters: readonly DeadLetterReasonModel[];
}

@ObjectType('ExampleTopic')
export class ExampleTopicModel {
  @Field() readonly topic: string;
  @Field() readonly note: string;
}
