export { ENGINE_CHOICES, ENGINE_NAMES, type EngineChoice, type EngineName } from './analysis/engine-name.js';
export * from './analysis/key.js';
export { figuresOf } from './analysis/figures-of.js';
export { originalFromRetweet } from './analysis/original-from-retweet.js';
export * from './analysis/result.js';
export type { AnalysisSpec } from './analysis/spec.js';
export * from './app-error.js';
export { CAPTURE_STATES, type CaptureState } from './capture/capture-state.js';
export { applyChange, applyChanges } from './capture/coverage/apply-change.js';
export { MAX_GAPS, trimCoverage } from './capture/coverage/bound.js';
export { missingEstimate, MissingEstimates } from './capture/coverage/estimate.js';
export {
  lengthOf as lengthOfSpans,
  spanOf,
  spansByBucket,
  union as unionOfSpans,
  within as spansWithin,
  without as spansWithout,
} from './capture/coverage/spans.js';
export { captureSpans, type CaptureTimes, type NotCaptured, notCaptured } from './capture/coverage/uncovered.js';
export { DEMO_TOPICS, type ExampleTopic } from './capture/demo-topics.js';
export * from './delete-row.js';
export { type Bucket, BUCKETS } from './interval/bucket.js';
export * from './interval/interval.js';
export { isRealDate, parseInterval } from './interval/parse-interval.js';
export { peakHours, type PeakHours } from './interval/peak-hours.js';
export * from './interval/preset.js';
export { fitBucket, groupVolume, smallestBucket, type VolumeBucket } from './interval/volume.js';
export * from './post.js';
export * from './snowflake.js';
export * from './time-units.js';
export { parseTimeZone, type ParsedTimeZone } from './time-zone.js';
