export { type Accounting, accountingSchema } from './accounting.js';
export {
  CAPTURE_STATUS_LIFETIME_SECONDS,
  captureKey,
  type CaptureStatus,
  captureStatusSchema,
  DEAD_LETTER_SAMPLES,
  type DeadLetterReason,
  NO_CONNECTION,
  RATE_SECONDS,
  RECENT_POSTS,
  type RecentPost,
  SOURCE_STATES,
  type SourceReport,
  type SourceState,
  type SourceStatus,
  sourceStatusSchema,
} from './capture-status.js';
export {
  type Coverage,
  type CoverageChange,
  coverageChangeSchema,
  coverageSchema,
  NO_COVERAGE,
  type SourceCoverage,
} from './coverage.js';
export { type Gap, GAP_CAUSES, GAP_STATUSES, type GapCause, gapSchema, type GapStatus } from './gap.js';
export { type IngestorEvent, readIngestorEvent } from './ingestor-event.js';
export { readRedisAddress, type RedisAddress } from './redis-address.js';
export { redisKeyPrefix } from './redis-names.js';
