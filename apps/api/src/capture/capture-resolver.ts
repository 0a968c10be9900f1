import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { CaptureModel, ExampleTopicModel } from './capture-model.js';
import { CaptureService } from './capture-service.js';
import { exampleTopics } from './example-topics.js';

@Resolver()
export class CaptureResolver {
  readonly #capture: CaptureService;

  constructor(capture: CaptureService) {
    this.#capture = capture;
  }

  @Query(() => CaptureModel, { name: 'capture' })
  async captureStatus(): Promise<CaptureModel> {
    return this.#capture.current();
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
