/** Every way in which the product says no. A client may switch on these; the sentence beside them is for people. */
export type AppErrorCode =
  | 'TOPIC_SYNTAX'
  | 'TOPIC_TOO_LONG'
  | 'INTERVAL_INVALID'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'LAKE_EMPTY'
  | 'LAKE_CORRUPT'
  | 'DISK_FULL'
  | 'NO_PERMISSION'
  | 'SOURCE_UNREADABLE'
  | 'CONFIG_INVALID'
  | 'QUEUE_UNAVAILABLE'
  | 'QUEUE_FULL'
  | 'ENGINE_FAILED'
  | 'CANCELLED';

export interface AppErrorOptions {
  /** Whether the same call may succeed later without any change by the caller. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** Facts for the caller, such as a position in the query. JSON values only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An expected failure: a code for programs, one clear sentence that says what to do for people. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: AppErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: AppErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}
