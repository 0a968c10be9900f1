import { type CreateSessionOptions } from '../api.js';
import { LivyError } from '../errors.js';
import { type LivyClient } from '../livy-client.js';
import { type LeaseStore } from './lease-store.js';
import { type PoolMetrics } from './metrics.js';

/** How to run a pool. Times in ms. */
export interface SessionPoolOptions {
  readonly client: LivyClient;
  /** Default: in memory, for one process. Processes that share a pool share a store and the prefix. */
  readonly store?: LeaseStore;
  /**
   * Names of the pool's sessions begin with it and a hyphen; **whatever else on the server is named so is deleted as an orphan**.
   * Letters, digits, `_` and `-`, beginning with a letter. Two pools with stores of their own need two prefixes.
   */
  readonly prefix: string;
  /** Sessions held warm. Default 0. */
  readonly min?: number;
  /** Most sessions, over all processes. Default 4. */
  readonly max?: number;
  /** Most sessions that one tenant may hold at once. Default `max`. */
  readonly perTenant?: number;
  /** Most callers that may wait in this process; the next is refused with `POOL_SATURATED`. Default 1000. */
  readonly maxWaiting?: number;
  /** How long an acquire waits unless it says otherwise. Default 180,000: a session may have to start first. */
  readonly acquireTimeoutMs?: number;
  /** How long a session may take from the POST to its warm-up's answer. Default 180,000. */
  readonly startTimeoutMs?: number;
  /** Most starts at once in this process. Default 2. */
  readonly maxStarting?: number;
  /** A lease not renewed this long is another's to take. Default 15,000. */
  readonly leaseTtlMs?: number;
  /** A session ends after this many statements (the server remembers 100). Default 50. */
  readonly maxStatements?: number;
  /** ... after this age. Default one hour. */
  readonly maxAgeMs?: number;
  /** ... after this many failed programs in a row. Default 5. */
  readonly maxErrors?: number;
  /** How long a session may take to answer a probe. Default 5,000. */
  readonly probeMs?: number;
  /** The server's idle timeout if `session.idleTimeout` does not set it. Default one hour. */
  readonly serverIdleTimeoutMs?: number;
  /** How often idle sessions are looked at. Default 10,000. */
  readonly checkEveryMs?: number;
  /** How often orphans are looked for. Default 30,000. */
  readonly janitorEveryMs?: number;
  /** Longest pause of the breaker around creation. Default 30,000. */
  readonly breakerMaxMs?: number;
  /** Whether `close()` leaves idle sessions to the other processes of the pool. Default false. */
  readonly leaveSessions?: boolean;
  /** How sessions are created. `heartbeatTimeoutInSecond` is 180 unless set: without any process the server ends them by itself. */
  readonly session?: Omit<CreateSessionOptions, 'name'>;
  readonly metrics?: PoolMetrics;
}

/** All options with a value. */
export type PoolSettings = Required<Omit<SessionPoolOptions, 'client' | 'store' | 'session' | 'metrics'>> & {
  readonly session: Omit<CreateSessionOptions, 'name'>;
  readonly keepAliveMs: number;
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Livy's durations (`15s`, `10m`, `1h`) in ms. @throws LivyError `UNSUPPORTED` */
export function durationMs(text: string): number {
  const match = /^(\d+)\s*(ms|s|m|min|h|d)$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ''];
  if (unit === undefined) throw new LivyError('UNSUPPORTED', `not a duration: ${text}`);
  return Number(match?.[1]) * unit;
}

/** @throws LivyError `UNSUPPORTED` for values that make no pool */
export function settings(options: SessionPoolOptions): PoolSettings {
  const max = options.max ?? 4;
  const min = options.min ?? 0;
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(options.prefix)) {
    throw new LivyError('UNSUPPORTED', 'the prefix of a pool begins with a letter; letters, digits, _ and - follow');
  }
  if (!Number.isInteger(max) || !Number.isInteger(min) || max < 1 || min < 0 || min > max) {
    throw new LivyError('UNSUPPORTED', 'a pool needs 0 <= min <= max and max >= 1');
  }
  const idle =
    options.session?.idleTimeout === undefined
      ? (options.serverIdleTimeoutMs ?? 3_600_000)
      : durationMs(options.session.idleTimeout);
  const session = { heartbeatTimeoutInSecond: 180, ...options.session };
  const heartbeat = session.heartbeatTimeoutInSecond > 0 ? session.heartbeatTimeoutInSecond * 1000 : Infinity;
  return {
    prefix: options.prefix,
    min,
    max,
    perTenant: options.perTenant ?? max,
    maxWaiting: options.maxWaiting ?? 1000,
    acquireTimeoutMs: options.acquireTimeoutMs ?? 180_000,
    startTimeoutMs: options.startTimeoutMs ?? 180_000,
    maxStarting: options.maxStarting ?? 2,
    leaseTtlMs: options.leaseTtlMs ?? 15_000,
    maxStatements: options.maxStatements ?? 50,
    maxAgeMs: options.maxAgeMs ?? 3_600_000,
    maxErrors: options.maxErrors ?? 5,
    probeMs: options.probeMs ?? 5_000,
    serverIdleTimeoutMs: idle,
    checkEveryMs: Math.min(options.checkEveryMs ?? 10_000, heartbeat / 3),
    janitorEveryMs: options.janitorEveryMs ?? 30_000,
    breakerMaxMs: options.breakerMaxMs ?? 30_000,
    leaveSessions: options.leaveSessions ?? false,
    session,
    keepAliveMs: Math.min(idle / 3, heartbeat / 3, 600_000),
  };
}
