/** What went wrong, for a program to branch on. */
export type LivyErrorCode =
  | 'NETWORK' // no reply: refused, reset, DNS, TLS
  | 'TIMEOUT' // a call's, a statement's or a start's deadline passed
  | 'ABORTED' // the caller's signal ended a call
  | 'AUTH' // 401, 403
  | 'HTTP' // any other refusal of the server
  | 'BAD_REPLY' // 2xx with a body that is not the JSON it should be
  | 'BODY_TOO_LARGE' // the reply passed the body limit
  | 'UNSUPPORTED' // this server version cannot do it
  | 'SESSION_NOT_FOUND'
  | 'SESSION_NOT_READY' // still starting
  | 'SESSION_DEAD' // dead, killed, error, shutting down, or its RPC channel is closed
  | 'SESSION_START_FAILED'
  | 'DUPLICATE_NAME'
  | 'TOO_MANY_CREATING'
  | 'STATEMENT_REPEATED' // the session refused to run the same statement twice
  | 'STATEMENT_NOT_FOUND' // older than the server retains, or never there
  | 'PROGRAM_FAILED' // the Python program raised
  | 'INTERPRETER_DIED' // the Python process behind the session is gone
  | 'NONCE_MISMATCH' // the reply is not to our statement: the session is out of step
  | 'WRONG_SESSION' // the same id, but not the session we warmed
  | 'FENCED' // a newer lease has used the session
  | 'RESULT_TOO_LARGE'
  | 'RESULT_NOT_JSON'
  | 'CANCELLED'
  | 'LEASE_LOST'
  | 'ACQUIRE_TIMEOUT'
  | 'POOL_SATURATED'
  | 'POOL_CLOSED'
  | 'CIRCUIT_OPEN';

/** After these the session must not be used again; the work may be tried on another one. */
const SESSION_LOST: ReadonlySet<LivyErrorCode> = new Set([
  'SESSION_NOT_FOUND',
  'SESSION_DEAD',
  'INTERPRETER_DIED',
  'NONCE_MISMATCH',
  'WRONG_SESSION',
  'FENCED',
  'LEASE_LOST',
  'STATEMENT_NOT_FOUND',
]);

const RETRYABLE: ReadonlySet<LivyErrorCode> = new Set([
  ...SESSION_LOST,
  'NETWORK',
  'TIMEOUT',
  'SESSION_NOT_READY',
  'SESSION_START_FAILED',
  'TOO_MANY_CREATING',
  'ACQUIRE_TIMEOUT',
  'POOL_SATURATED',
  'CIRCUIT_OPEN',
]);

/** What is known beside the message. */
export interface LivyErrorDetails {
  /** HTTP status, where the server answered. */
  readonly status?: number;
  /** Name of the Python exception. */
  readonly pythonType?: string;
  /** Python traceback, its end if it was long. */
  readonly traceback?: string;
  /** Size of what was too large, in bytes. */
  readonly bytes?: number;
  /** Whether a request may have reached the server although no reply came. */
  readonly maybeSent?: boolean;
  /** Whether the session was given up because of this: it is deleted, or must be. */
  readonly sessionGivenUp?: boolean;
  /** Last lines of a session's log. */
  readonly log?: readonly string[];
}

/** The one error type of this library. `cause` holds what lay beneath. */
export class LivyError extends Error {
  override readonly name = 'LivyError';
  readonly code: LivyErrorCode;
  readonly details: LivyErrorDetails;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Whether the session it ran on must be given up. */
  readonly sessionLost: boolean;

  constructor(code: LivyErrorCode, message: string, details: LivyErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
    this.retryable = RETRYABLE.has(code) || (code === 'HTTP' && (details.status ?? 0) >= 500);
    this.sessionLost = SESSION_LOST.has(code) || details.sessionGivenUp === true;
  }
}

/** Whether `error` is a {@link LivyError}, of one of `codes` if any are given. */
export function isLivyError(error: unknown, ...codes: LivyErrorCode[]): error is LivyError {
  return error instanceof LivyError && (codes.length === 0 || codes.includes(error.code));
}

/** Any thrown value as a {@link LivyError}. */
export function toLivyError(error: unknown): LivyError {
  if (error instanceof LivyError) return error;
  return new LivyError('NETWORK', error instanceof Error ? error.message : String(error), {}, error);
}
