import type { GapCause } from '@analytica/domain/contracts';
import { Field, Float, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { GapCauseEnum } from '../graphql/enums.js';

@ObjectType('CapturedSpan', { description: 'From inclusive to exclusive' })
export class CapturedSpanModel {
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime) readonly to: number;
}

@ObjectType('CoverageGap')
export class CoverageGapModel {
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime, { nullable: true, description: 'Null while it goes on' }) readonly to: number | null;
  @Field(() => GapCauseEnum) readonly cause: GapCause;
  @Field({ description: 'What was missed came afterwards, whole' }) readonly isRefilled: boolean;
  @Field(() => Float, { description: 'Posts that came afterwards' }) readonly refilled: number;
  @Field(() => Float, { nullable: true, description: 'An estimate of the posts of all topics that it lacks' })
  readonly missedPosts: number | null;
}

@ObjectType('CaptureCoverage', { description: 'When a source captured' })
export class CaptureCoverageModel {
  @Field({ description: 'As INGEST_SOURCES has it' }) readonly source: string;
  @Field(() => [CapturedSpanModel]) readonly captured: readonly CapturedSpanModel[];
  @Field(() => [CoverageGapModel], { description: 'The newest first' })
  readonly gaps: readonly CoverageGapModel[];
  @Field(() => Float, { nullable: true, description: 'Of the time in which it was switched on, from 0 to 1' })
  readonly share: number | null;
}
