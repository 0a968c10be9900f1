import type { EngineChoice } from '@analytica/domain';
import { Field, Float, ObjectType } from '@nestjs/graphql';
import { EngineChoiceEnum } from '../graphql/enums.js';

@ObjectType('EngineOffer', { description: 'The engines that a question may name in this deployment' })
export class EngineOfferModel {
  @Field(() => [EngineChoiceEnum]) readonly choices: readonly EngineChoice[];
  @Field(() => EngineChoiceEnum, { description: 'The engine of a question that names none' })
  readonly default: EngineChoice;
  @Field(() => Float, { description: 'AUTO takes the cluster where the files of the interval are larger than this' })
  readonly autoLimitBytes: number;
}
