import type { AppError, AppErrorCode } from '@analytica/domain';

/** Failures whose own sentences name folders of the server: only the log may have those. */
const INSTEAD: Partial<Record<AppErrorCode, string>> = {
  DISK_FULL: 'The disk of the server is full. Whoever runs it has to free some space; its log says where.',
  NO_PERMISSION:
    'The server may not use its data folder. Whoever runs it has to allow that; its log says what is missing.',
  LAKE_CORRUPT: 'The list of the captured data is damaged. Whoever runs the server finds in its log what is wrong.',
};

/** Whether the log must keep the sentence, because no client reads it. */
export function isPrivate(error: AppError): boolean {
  return INSTEAD[error.code] !== undefined;
}

/** What a client may read of a failure. */
export function publicMessage(error: AppError): string {
  return INSTEAD[error.code] ?? error.message;
}
