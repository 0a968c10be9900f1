import { AppError } from '@analytica/domain';
import { Args, Int, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { GapModel } from './gap-model.js';
import { CaptureModel, ExampleTopicModel } from './capture-model.js';
import { CaptureService } from './capture-service.js';
import { exampleTopics } from './example-topics.js';

const MAX_GAPS_ASKED = 500;

@Resolver(() => CaptureModel)
export class CaptureResolver {
  readonly #capture: CaptureService;

  constructor(capture: CaptureService) {
    this.#capture = capture;
  }

  @Query(() => CaptureModel, { name: 'capture' })
  async captureStatus(): Promise<CaptureModel> {
    return this.#capture.current();
  }

  @ResolveField(() => [GapModel], {
    description: 'Gaps of all sources, the newest first; of an interval where one is given. At most 500 at once',
  })
  async gaps(
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
    @Args('from', { type: () => DateTime, nullable: true }) from?: number | null,
    @Args('to', { type: () => DateTime, nullable: true }) to?: number | null,
  ): Promise<readonly GapModel[]> {
    if (first < 1 || first > MAX_GAPS_ASKED) {
      throw new AppError('BAD_USER_INPUT', `first is from 1 to ${String(MAX_GAPS_ASKED)}.`);
    }
    return this.#capture.gaps({ from: from ?? -Infinity, to: to ?? Infinity }, first);
  }

  @Query(() => [ExampleTopicModel], { description: 'Topics for a first question' })
  async exampleTopics(): Promise<readonly ExampleTopicModel[]> {
    const { demo } = await this.#capture.current();
    return exampleTopics(demo);
  }

  @Subscription(() => CaptureModel, { resolve: (status: CaptureModel) => status })
  captureEvents(): AsyncIterableIterator<CaptureModel> {
    return this.#capture.follow();
  }
}
