export { type Accounting, accountingSchema } from './accounting.js';
export {
  CAPTURE_STATUS_LIFETIME_SECONDS,
  captureKey,
  type CaptureStatus,
  captureStatusSchema,
  RATE_SECONDS,
  RECENT_POSTS,
  type RecentPost,
  SOURCE_STATES,
  type SourceState,
  type SourceStatus,
  sourceStatusSchema,
} from './capture-status.js';
export { type IngestorEvent, readIngestorEvent } from './ingestor-event.js';
export { readRedisAddress, type RedisAddress } from './redis-address.js';
export { redisKeyPrefix } from './redis-names.js';
