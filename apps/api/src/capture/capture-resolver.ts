import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { CaptureModel, ExampleTopicModel } from './capture-model.js';
import { CaptureService } from './capture-service.js';
import { ExampleTopics } from './example-topics.js';

@Resolver()
export class CaptureResolver {
  readonly #capture: CaptureService;
  readonly #examples: ExampleTopics;

  constructor(capture: CaptureService, examples: ExampleTopics) {
    this.#capture = capture;
    this.#examples = examples;
  }

  @Query(() => CaptureModel, { name: 'capture' })
  async captureStatus(): Promise<CaptureModel> {
    return this.#capture.current();
  }

  @Query(() => [ExampleTopicModel], { description: 'Topics that are likely to give an answer here' })
  exampleTopics(): readonly ExampleTopicModel[] {
    return this.#examples.list();
  }

  @Subscription(() => CaptureModel, { resolve: (status: CaptureModel) => status })
  captureEvents(): AsyncIterableIterator<CaptureModel> {
    return this.#capture.follow();
  }
}
