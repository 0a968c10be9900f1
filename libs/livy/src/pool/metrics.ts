import { type SessionIdentity } from '../livy-session.js';
import { type RunTiming } from '../run-statement.js';
import { type PooledState } from './lease-store.js';

/** Why a session was given up. */
export type RecycleReason =
  | 'statements'
  | 'age'
  | 'errors'
  | 'dead' // the server says so, or its interpreter died
  | 'vanished' // the server does not know it any more
  | 'nonce' // out of step, or another session
  | 'stuck' // did not answer a probe in time
  | 'start-failed'
  | 'lease-lost'
  | 'closed';

/** What a pool tells. Each is optional, must not throw, and is called synchronously. */
export interface PoolMetrics {
  /** Sessions of the whole pool by state, at each round of upkeep. */
  sessions?(byState: Readonly<Partial<Record<PooledState, number>>>): void;
  /** An acquire ended after `ms`. */
  acquired?(ms: number, outcome: 'ok' | 'timeout' | 'aborted' | 'saturated' | 'closed'): void;
  /** How many wait for a session in this process. */
  waiting?(count: number): void;
  /** A session was started and warmed. */
  started?(timing: { createMs: number; warmMs: number }): void;
  /** A start failed. */
  startFailed?(error: Error): void;
  /** A program ran to an answer. */
  ran?(timing: RunTiming): void;
  /** A session was given up. */
  recycled?(reason: RecycleReason): void;
  /** A reply carried no nonce or a wrong one. */
  nonceMismatch?(identity: SessionIdentity): void;
  /** A session of ours that nobody held was deleted. */
  orphan?(name: string): void;
  /** A session disappeared from the server without our deleting it: its driver may still run outside. */
  vanished?(name: string, appId: string | null): void;
  /** The breaker around creation opened (with the wait in ms) or closed (0). */
  breaker?(waitMs: number): void;
}
