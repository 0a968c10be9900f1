import type { EngineChoice } from '@analytica/domain';
import { Field, Float, ObjectType } from '@nestjs/graphql';
import { EngineChoiceEnum } from '../graphql/enums.js';

@ObjectType('EngineOffer', { description: 'Which engines a question may name where this runs' })
export class EngineOfferModel {
  @Field(() => [EngineChoiceEnum]) readonly choices: readonly EngineChoice[];
  @Field(() => EngineChoiceEnum, { description: 'Of a question that names none' }) readonly default: EngineChoice;
  @Field(() => Float, { description: 'AUTO takes the cluster if the files of the interval are larger than this' })
  readonly autoLimitBytes: number;
}
