import {
  BUCKETS,
  CAPTURE_STATES,
  ENGINE_CHOICES,
  ENGINE_NAMES,
  INTERVAL_PRESETS,
  MISSING_REASONS,
  POST_ORDERS,
  POST_SOURCES,
} from '@analytica/domain';
import { GAP_CAUSES, GAP_STATUSES, SOURCE_STATES } from '@analytica/domain/contracts';
import { registerEnumType } from '@nestjs/graphql';

// Each object maps GraphQL's name to the value that the domain uses, so that resolvers need no translation.

type GraphqlName<Value extends string> = Value extends `${infer First}-${infer Rest}`
  ? `${Uppercase<First>}_${GraphqlName<Rest>}`
  : Uppercase<Value>;

/** The domain's values by their GraphQL names: `most-retweeted` is `MOST_RETWEETED`. */
function enumOf<const Value extends string>(values: readonly Value[]): { readonly [V in Value as GraphqlName<V>]: V } {
  const byName = Object.fromEntries(values.map((value) => [value.toUpperCase().replaceAll('-', '_'), value]));
  return byName as { readonly [V in Value as GraphqlName<V>]: V };
}

export const AnalysisStatusEnum = enumOf(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']);
registerEnumType(AnalysisStatusEnum, { name: 'AnalysisStatus' });

export const IntervalPresetEnum = enumOf(INTERVAL_PRESETS);
registerEnumType(IntervalPresetEnum, { name: 'IntervalPreset' });

export const BucketSizeEnum = enumOf(BUCKETS);
registerEnumType(BucketSizeEnum, { name: 'BucketSize' });

export const PostOrderEnum = enumOf(POST_ORDERS);
registerEnumType(PostOrderEnum, { name: 'PostOrder' });

export const SourceEnum = enumOf(POST_SOURCES);
registerEnumType(SourceEnum, { name: 'Source' });

export const MissingReasonEnum = enumOf(MISSING_REASONS);
registerEnumType(MissingReasonEnum, {
  name: 'MissingReason',
  description:
    'Why a result lacks hours: a file with their posts is gone (FILE_MISSING) or cannot be read (FILE_DAMAGED); or the deletes that arrived in them cannot be read, so that deleted posts may be in the result (DELETES_UNREADABLE)',
});

export const EngineEnum = enumOf(ENGINE_NAMES);
registerEnumType(EngineEnum, { name: 'Engine' });

export const EngineChoiceEnum = enumOf(ENGINE_CHOICES);
registerEnumType(EngineChoiceEnum, {
  name: 'EngineChoice',
  description: 'AUTO takes the embedded engine up to a certain size of data, and the cluster beyond it',
});

/** `UNKNOWN` where the ingestor has been silent. */
export const CaptureStateEnum = enumOf([...CAPTURE_STATES, 'UNKNOWN']);
registerEnumType(CaptureStateEnum, { name: 'CaptureState' });

export const SourceStateEnum = enumOf(SOURCE_STATES);
registerEnumType(SourceStateEnum, {
  name: 'SourceState',
  description:
    'STARTING: it has given nothing yet. FILLING: it gives the past that it starts with. REPLAYING: it reads something that ends. LIVE: it gives posts as they happen. WAITING: it has no connection, and makes one by itself. ENDED: there is no more. FAILED: it does not work until a person mends something',
});

export const GapCauseEnum = enumOf(GAP_CAUSES);
registerEnumType(GapCauseEnum, { name: 'GapCause', description: 'Why nothing was captured for a while' });

export const GapStatusEnum = enumOf(GAP_STATUSES);
registerEnumType(GapStatusEnum, {
  name: 'GapStatus',
  description: 'OPEN: it goes on. CLOSED: it is over. REFILLED: what was missed came afterwards, whole',
});
