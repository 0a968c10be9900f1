import { Field, Float, ObjectType } from '@nestjs/graphql';

@ObjectType('CaptureLog', { description: 'The log on the ingestor\u2019s disk' })
export class CaptureLogModel {
  @Field(() => Float) readonly bytes: number;
  @Field(() => Float, { description: 'From here on capture waits' }) readonly maxBytes: number;
  @Field(() => Float, { nullable: true, description: 'How long the oldest record that was read waits to be logged' })
  readonly oldestPendingMs: number | null;
}

@ObjectType('CaptureLake')
export class CaptureLakeModel {
  @Field(() => Float, { description: 'Of all listed files' }) readonly bytes: number;
  @Field(() => Float, { nullable: true, description: 'Free on its disk' }) readonly freeBytes: number | null;
}

@ObjectType('DeadLetterReason', { description: 'Records that could not become posts' })
export class DeadLetterReasonModel {
  @Field() readonly reason: string;
  @Field(() => Float, { description: 'Since the lake began' }) readonly count: number;
  @Field(() => [String], { description: 'Beginnings of the newest of them, as they came: untrusted text' })
  readonly samples: readonly string[];
}
