import type { Bucket, Interval, MissingReason, PostSource } from '@analytica/domain';
import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { TimeSpanModel } from '../capture/gap-model.js';
import { DateTime } from '../graphql/date-time-scalar.js';
import { BucketSizeEnum, MissingReasonEnum, SourceEnum } from '../graphql/enums.js';
import type { StoredFigures } from '../runs/run-records.js';

@ObjectType('RankedEntry')
export class RankedEntryModel {
  @Field() readonly key: string;
  @Field() readonly label: string;
  @Field(() => Int) readonly posts: number;
  @Field(() => Int) readonly uses: number;
  @Field(() => Int) readonly authors: number;
  @Field(() => SourceEnum, { nullable: true }) readonly source?: PostSource;
}

@ObjectType('RankedList')
export class RankedListModel {
  @Field(() => [RankedEntryModel]) readonly entries: readonly RankedEntryModel[];
  @Field(() => Int) readonly distinct: number;
  @Field(() => Int) readonly postsWith: number;
}

@ObjectType('VolumeBucket')
export class VolumeBucketModel {
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime) readonly to: number;
  @Field(() => Int) readonly posts: number;
  @Field(() => Int) readonly retweets: number;
  @Field(() => Int) readonly replies: number;
  @Field(() => Int) readonly quotes: number;
  @Field(() => [TimeSpanModel], { description: 'Parts of the bucket that were not captured' })
  readonly gaps: readonly TimeSpanModel[];
}

@ObjectType('Volume')
export class VolumeModel {
  @Field(() => BucketSizeEnum) readonly bucket: Bucket;
  @Field(() => [VolumeBucketModel]) readonly buckets: readonly VolumeBucketModel[];
}

@ObjectType('PeakHours', { description: 'Two tables by weekday (0 is Monday) and hour of day' })
export class PeakHoursModel {
  @Field(() => [[Int]]) readonly posts: readonly (readonly number[])[];
  @Field(() => [[Float]], { description: 'Hours of each that the interval has' })
  readonly coveredHours: readonly (readonly number[])[];
  @Field(() => [[Float]], { description: 'Hours of each that were not captured' })
  readonly uncapturedHours: readonly (readonly number[])[];
}

@ObjectType('MissingHours', { description: 'Hours that a result lacks, from inclusive to exclusive' })
export class MissingHoursModel {
  @Field(() => DateTime) readonly from: number;
  @Field(() => DateTime) readonly to: number;
  @Field(() => MissingReasonEnum) readonly reason: MissingReason;
}

@ObjectType('AnalysisResult')
export class AnalysisResultModel {
  /** The charts are computed from this when they are asked for. */
  readonly figures: StoredFigures;
  readonly interval: Interval;
  readonly timeZone: string;

  @Field() readonly complete: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'The same for the same answer; null while the result is partial',
  })
  readonly hash: string | null;
  @Field(() => Int) readonly posts: number;
  @Field(() => Int) readonly retweets: number;
  @Field(() => Int) readonly replies: number;
  @Field(() => Int) readonly quotes: number;
  @Field(() => Int) readonly authors: number;
  @Field(() => Int) readonly words: number;
  @Field(() => Int) readonly scannedPosts: number;
  @Field(() => Int) readonly elapsedMs: number;
  @Field(() => RankedListModel) readonly topHashtags: RankedListModel;
  @Field(() => RankedListModel) readonly topWords: RankedListModel;
  @Field(() => RankedListModel) readonly topMentions: RankedListModel;
  @Field(() => RankedListModel) readonly topAuthors: RankedListModel;
  @Field(() => RankedListModel) readonly topDomains: RankedListModel;

  @Field(() => [MissingHoursModel], {
    description: 'Hours that could not be read: the figures are those of the rest. Empty where all is well',
  })
  readonly missingHours: readonly MissingHoursModel[];

  static of(figures: StoredFigures, interval: Interval, timeZone: string): AnalysisResultModel {
    const { counts } = figures;
    return Object.assign(new AnalysisResultModel(), {
      figures,
      interval,
      timeZone,
      complete: figures.complete,
      hash: figures.hash,
      ...counts,
      scannedPosts: figures.scannedPosts,
      elapsedMs: figures.elapsedMs,
      topHashtags: figures.hashtags,
      topWords: figures.words,
      topMentions: figures.mentions,
      topAuthors: figures.authors,
      topDomains: figures.domains,
      missingHours: figures.missingHours ?? [],
    });
  }
}
