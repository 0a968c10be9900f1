export {
  isSessionOver,
  isSessionStarting,
  isStatementFinal,
  type CallOptions,
  type CreateSessionOptions,
  type ServerVersion,
  type SessionInfo,
  type SessionPage,
  type SessionState,
  type StatementInfo,
  type StatementOutput,
  type StatementState,
} from './api.js';
export { type LivyAuth } from './auth.js';
export { readEnvelope, type Answer, type SpillPointer } from './envelope.js';
export { isLivyError, LivyError, toLivyError, type LivyErrorCode, type LivyErrorDetails } from './errors.js';
export { LivyClient, type LivyClientOptions, type SessionRef } from './livy-client.js';
export { LivySession, type SessionIdentity, type StartSteps, type StartTiming } from './livy-session.js';
export {
  cancelStatement,
  DEFAULT_INLINE_LIMIT,
  probe,
  runStatement,
  type RunOptions,
  type RunResult,
  type RunTarget,
  type RunTiming,
} from './run-statement.js';
export { type LivyTls } from './transport.js';
export { waitForStatement, type Waited, type WaitOptions } from './wait-for-statement.js';
export { LeasedSession } from './pool/leased-session.js';
export {
  newSession,
  type Lease,
  type LeaseLimits,
  type LeaseStore,
  type PooledSession,
  type PooledState,
} from './pool/lease-store.js';
export { MemoryLeaseStore } from './pool/memory-lease-store.js';
export { type PoolMetrics, type RecycleReason } from './pool/metrics.js';
export { type SessionPoolOptions } from './pool/pool-options.js';
export { SessionPool, type AcquireOptions } from './pool/session-pool.js';
