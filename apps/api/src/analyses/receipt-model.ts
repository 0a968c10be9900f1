import { type Interval, missingEstimate } from '@analytica/domain';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { GapModel, TimeSpanModel } from '../capture/gap-model.js';
import type { StoredFigures } from '../runs/run-records.js';

@ObjectType('Receipt', { description: 'What an answer rests on' })
export class ReceiptModel {
  @Field(() => [GapModel], { description: 'Gaps that meet the interval, cut to it, the oldest first' })
  readonly gaps: readonly GapModel[];
  @Field(() => [TimeSpanModel], {
    description: 'Times of the interval that were not captured, by gaps or because no source was switched on',
  })
  readonly notCaptured: readonly TimeSpanModel[];
  @Field(() => Int, {
    nullable: true,
    description:
      'How many posts the answer lacks because of gaps, as an estimate; null below 20, and where there is no telling',
  })
  readonly missingEstimate: number | null;

  static of(figures: StoredFigures, interval: Interval): ReceiptModel {
    const { gaps, spans, missed } = figures.notCaptured ?? { gaps: [], spans: [], missed: [] };
    const estimate = missingEstimate(figures.cells, interval, { spans, missed });
    return Object.assign(new ReceiptModel(), { gaps, notCaptured: spans, missingEstimate: estimate });
  }
}
