import { randomBytes } from 'node:crypto';
import {
  LivyClient,
  LivySession,
  SessionPool,
  waitForStatement,
  type CreateSessionOptions,
  type LivyErrorCode,
  type LivyError,
  type PoolMetrics,
  type RecycleReason,
  type SessionPoolOptions,
  type StatementInfo,
} from '../src/index.js';
import { livyUrl } from './config.js';

export const LIVY_URL = livyUrl();

/** Small drivers, which end with the test's client if it should die, and when they run out of memory. */
export const SMALL: Omit<CreateSessionOptions, 'name'> = {
  driverMemory: '512m',
  heartbeatTimeoutInSecond: 600,
  conf: {
    'spark.driver.extraJavaOptions': '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError',
  },
};

/** How long a session may take to come: on a busy machine that is long. */
export const PATIENCE_MS = 600_000;

export function newClient(timeoutMs = 60_000): LivyClient {
  return new LivyClient({ url: LIVY_URL, timeoutMs });
}

export function uniqueName(what: string): string {
  return `contract-${what}-${randomBytes(4).toString('hex')}`;
}

/** Starts a session; a busy server gets time. */
export async function startSession(
  client: LivyClient,
  what: string,
  options: Partial<CreateSessionOptions> = {},
): Promise<LivySession> {
  const { session } = await LivySession.start(
    client,
    { ...SMALL, name: uniqueName(what), ...options },
    { timeoutMs: PATIENCE_MS },
  );
  return session;
}

/** Runs code as it is, without envelope, as someone without this library would. */
export async function runRaw(
  client: LivyClient,
  name: string,
  code: string,
  call: { timeoutMs?: number } = {},
): Promise<StatementInfo> {
  const first = await client.submitStatement(name, { code });
  const options = call.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(call.timeoutMs) };
  return (await waitForStatement(client, name, first, options)).statement;
}

/** What `work` rejects with. */
export async function failure(work: Promise<unknown>): Promise<LivyError> {
  try {
    await work;
  } catch (error) {
    return error as LivyError;
  }
  throw new Error('it should have failed');
}

export async function codeOf(work: Promise<unknown>): Promise<LivyErrorCode> {
  return (await failure(work)).code;
}

/** A pool of one small session, with a record of what it told. */
export function newPool(
  client: LivyClient,
  options: Partial<SessionPoolOptions> = {},
): { pool: SessionPool; prefix: string; recycled: RecycleReason[]; started: () => number; mismatches: () => number } {
  const recycled: RecycleReason[] = [];
  let started = 0;
  let mismatches = 0;
  const metrics: PoolMetrics = {
    recycled: (reason) => recycled.push(reason),
    started: () => started++,
    nonceMismatch: () => mismatches++,
  };
  const prefix = options.prefix ?? uniqueName('pool');
  const pool = new SessionPool({
    client,
    max: 1,
    acquireTimeoutMs: PATIENCE_MS,
    startTimeoutMs: PATIENCE_MS,
    session: SMALL,
    metrics,
    ...options,
    prefix,
  });
  return { pool, prefix, recycled, started: () => started, mismatches: () => mismatches };
}
