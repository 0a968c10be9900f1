import type { GapCause, GapStatus } from '@analytica/domain/contracts';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { GapCauseEnum, GapStatusEnum } from '../graphql/enums.js';

@ObjectType('TimeSpan', { description: 'From inclusive to exclusive' })
export class TimeSpanModel {
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime) readonly to: number;
}

@ObjectType('Gap', { description: 'A time in which a source that was switched on captured nothing, or not all' })
export class GapModel {
  @Field({ description: 'As INGEST_SOURCES calls it' }) readonly source: string;
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime, { nullable: true, description: 'Exclusive; null while it goes on' }) readonly to:
    number | null;
  @Field(() => GapCauseEnum) readonly cause: GapCause;
  @Field(() => GapStatusEnum) readonly status: GapStatus;
  @Field(() => Int, { description: 'Posts that came afterwards' }) readonly refilled: number;
}
