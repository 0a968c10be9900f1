/** Session states of Livy; servers may add others, so any text is let through. */
export type SessionState =
  | 'not_started'
  | 'starting'
  | 'recovering'
  | 'idle'
  | 'running'
  | 'busy'
  | 'shutting_down'
  | 'error'
  | 'dead'
  | 'killed'
  | 'success'
  | (string & {});

/** Statement states. A Python error is `available` with `output.status` `error`. */
export type StatementState = 'waiting' | 'running' | 'available' | 'cancelling' | 'cancelled' | (string & {});

/** A session as the server describes it. */
export interface SessionInfo {
  readonly id: number;
  readonly name: string | null;
  readonly appId: string | null;
  readonly state: SessionState;
  readonly kind: string;
  readonly log: readonly string[];
  readonly appInfo: Readonly<Record<string, unknown>>;
}

/** What a statement gave. */
export interface StatementOutput {
  readonly status: 'ok' | 'error' | (string & {});
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

/** A statement as the server describes it; times in ms since 1970, 0 while unknown. */
export interface StatementInfo {
  readonly id: number;
  readonly code: string;
  readonly state: StatementState;
  readonly output: StatementOutput | null;
  readonly progress: number;
  readonly started: number;
  readonly completed: number;
}

/** A page of sessions. */
export interface SessionPage {
  readonly from: number;
  readonly total: number;
  readonly sessions: readonly SessionInfo[];
}

/** What to create a session with. */
export interface CreateSessionOptions {
  /** Unique name, with at least one character that is no digit: a lost reply is reconciled by it. */
  readonly name: string;
  /** Default `pyspark`. */
  readonly kind?: string;
  /** Spark configuration. The server ignores `spark.master` here. */
  readonly conf?: Readonly<Record<string, string>>;
  readonly jars?: readonly string[];
  readonly pyFiles?: readonly string[];
  readonly files?: readonly string[];
  readonly driverMemory?: string;
  readonly driverCores?: number;
  readonly executorMemory?: string;
  readonly executorCores?: number;
  readonly numExecutors?: number;
  readonly queue?: string;
  readonly proxyUser?: string;
  /** The server ends the session when nobody asked for it this long, in seconds; 0 is never. */
  readonly heartbeatTimeoutInSecond?: number;
  /** Idle timeout such as `15s` or `1h`: `idleTimeout` on 0.9, `ttl` on 0.8. */
  readonly idleTimeout?: string;
  /** Lifetime, 0.9 and later only (and inert there unless the server checks it). */
  readonly ttl?: string;
}

/** `GET /version`. */
export interface ServerVersion {
  /** As the server says it, such as `0.9.0-incubating`. */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
  /** Whether `idleTimeout` exists and `ttl` is a lifetime (0.9 and later). */
  readonly hasIdleTimeout: boolean;
  /** Whether PySpark of Spark 3.5 needs the three `java_import`s (before 0.9). */
  readonly needsJavaImports: boolean;
}

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Deadline of the whole call with its retries, in ms. */
  readonly timeoutMs?: number;
}

const FAILED_STATES: ReadonlySet<string> = new Set(['shutting_down', 'error', 'dead', 'killed', 'success']);
const STARTING_STATES: ReadonlySet<string> = new Set(['not_started', 'starting', 'recovering']);
const FINAL_STATEMENTS: ReadonlySet<string> = new Set(['available', 'cancelled', 'error']);

/** Whether a session in this state will never run a statement again. */
export function isSessionOver(state: SessionState): boolean {
  return FAILED_STATES.has(state);
}

/** Whether a session in this state is still on its way to `idle`. */
export function isSessionStarting(state: SessionState): boolean {
  return STARTING_STATES.has(state);
}

/** Whether a statement in this state changes no more. */
export function isStatementFinal(state: StatementState): boolean {
  return FINAL_STATEMENTS.has(state);
}
