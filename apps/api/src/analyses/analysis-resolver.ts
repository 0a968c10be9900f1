import { AppError, type Bucket } from '@analytica/domain';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { BucketSizeEnum } from '../graphql/enums.js';
import { RunEvents } from '../runs/run-events.js';
import {
  AnalysisEventModel,
  AnalysisModel,
  CancelAnalysisPayloadModel,
  StartAnalysisInputModel,
  StartAnalysisPayloadModel,
} from './analysis-model.js';
import type { AnalysisRecord, RunEvent } from '../runs/run-records.js';
import { AnalysisService } from './analysis-service.js';
import { peakHoursOf, volumeOf } from './charts.js';
import { ReceiptModel } from './receipt-model.js';
import { AnalysisResultModel, PeakHoursModel, VolumeModel } from './result-model.js';

@Resolver(() => AnalysisModel)
export class AnalysisResolver {
  readonly #analyses: AnalysisService;
  readonly #events: RunEvents;

  constructor(analyses: AnalysisService, events: RunEvents) {
    this.#analyses = analyses;
    this.#events = events;
  }

  @Query(() => AnalysisModel, { name: 'analysis', nullable: true })
  async analysis(@Args('id', { type: () => ID }) id: string): Promise<AnalysisModel> {
    return AnalysisModel.of(await this.#analyses.get(id));
  }

  @Mutation(() => StartAnalysisPayloadModel)
  async startAnalysis(@Args('input') input: StartAnalysisInputModel): Promise<StartAnalysisPayloadModel> {
    const outcome = await this.#analyses.start(input);
    if ('userError' in outcome) return { analysis: null, userErrors: [outcome.userError] };
    return { analysis: AnalysisModel.of(outcome.analysis), userErrors: [] };
  }

  @Mutation(() => CancelAnalysisPayloadModel)
  async cancelAnalysis(@Args('id', { type: () => ID }) id: string): Promise<CancelAnalysisPayloadModel> {
    try {
      return { analysis: AnalysisModel.of(await this.#analyses.cancel(id)), userErrors: [] };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
      return { analysis: null, userErrors: [{ code: error.code, message: error.message, field: 'id' }] };
    }
  }

  @Subscription(() => AnalysisEventModel, {
    description:
      'Progress, partial results and the end of an analysis. After a reconnect, pass the last seq that was seen',
    resolve: (event: AnalysisEventModel) => event,
  })
  async analysisEvents(
    @Args('id', { type: () => ID }) id: string,
    @Args('afterSeq', { type: () => Int, defaultValue: 0 }) afterSeq: number,
  ): Promise<AsyncIterableIterator<AnalysisEventModel>> {
    if (afterSeq < 0) throw new AppError('BAD_USER_INPUT', 'afterSeq is a sequence number: 0 or more.');
    const analysis = await this.#analyses.get(id);
    // A cancelled analysis ended with its own last event, though the run may have gone on.
    const from = analysis.detachedSeq === null ? afterSeq : Math.min(afterSeq, analysis.detachedSeq);
    if (analysis.detachedSeq !== null && from >= analysis.detachedSeq) return ended();
    await this.#analyses.ensureJob(analysis);
    return mapEvents(this.#events.subscribe(analysis.run.id, id, from), (event) => eventModel(analysis, event));
  }

  @ResolveField(() => Int, {
    nullable: true,
    description: 'How many questions wait before this one, while it is QUEUED',
  })
  async queuePosition(@Parent() analysis: AnalysisModel): Promise<number | null> {
    return this.#analyses.queuePosition(analysis.record);
  }

  @ResolveField(() => AnalysisResultModel, {
    nullable: true,
    description: 'The final result, else the newest partial one',
  })
  async result(@Parent() analysis: AnalysisModel): Promise<AnalysisResultModel | null> {
    const figures = await this.#analyses.figures(analysis.record);
    const { interval, timeZone } = analysis.record.run.spec;
    return figures === null ? null : AnalysisResultModel.of(figures, interval, timeZone);
  }

  @ResolveField(() => ReceiptModel, {
    nullable: true,
    description: 'What the final result rests on, else the newest partial one',
  })
  async receipt(@Parent() analysis: AnalysisModel): Promise<ReceiptModel | null> {
    const figures = await this.#analyses.figures(analysis.record);
    return figures === null ? null : ReceiptModel.of(figures, analysis.record.run.spec.interval);
  }
}

@Resolver(() => AnalysisResultModel)
export class AnalysisResultResolver {
  @ResolveField(() => VolumeModel, {
    description:
      'Buckets in the time zone of the question. Without a size: the smallest that gives at most 200 buckets. A size that gives more than 5,000, or is smaller than the cells that were counted, is BAD_USER_INPUT',
  })
  volume(
    @Parent() result: AnalysisResultModel,
    @Args('bucket', { type: () => BucketSizeEnum, nullable: true }) asked?: Bucket | null,
  ): VolumeModel {
    return volumeOf(result, asked ?? null);
  }

  @ResolveField(() => PeakHoursModel)
  peakHours(@Parent() result: AnalysisResultModel): PeakHoursModel {
    return peakHoursOf(result);
  }
}

function eventModel(analysis: AnalysisRecord, event: RunEvent): AnalysisEventModel {
  return { seq: event.seq, analysis: AnalysisModel.of({ ...analysis, state: event.state }) };
}

/** Maps without an async generator, whose `return()` would wait for the event that it is waiting for. */
function mapEvents<A, B>(source: AsyncIterableIterator<A>, map: (value: A) => B): AsyncIterableIterator<B> {
  const mapped = (result: IteratorResult<A, unknown>): IteratorResult<B, undefined> =>
    result.done === true ? { done: true, value: undefined } : { done: false, value: map(result.value) };
  return {
    next: async () => mapped(await source.next()),
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function ended(): AsyncIterableIterator<never> {
  return {
    next: () => Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
