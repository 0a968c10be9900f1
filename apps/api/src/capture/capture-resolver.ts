import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { CaptureModel, ExampleTopicModel } from './capture-model.js';
import { CaptureService } from './capture-service.js';
import { ExampleTopics } from './example-topics.js';

@Resolver()
export class CaptureResolver {
  constructor(
    private readonly capture: CaptureService,
    private readonly examples: ExampleTopics,
  ) {}

  @Query(() => CaptureModel, { name: 'capture' })
  async captureStatus(): Promise<CaptureModel> {
    return this.capture.current();
  }

  @Query(() => [ExampleTopicModel], { description: 'Topics that are likely to give an answer here' })
  exampleTopics(): readonly ExampleTopicModel[] {
    return this.examples.list();
  }

  @Subscription(() => CaptureModel, { resolve: (status: CaptureModel) => status })
  captureEvents(): AsyncIterableIterator<CaptureModel> {
    return this.capture.follow();
  }
}
