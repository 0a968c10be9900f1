import { AppError } from '@analytica/domain';

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);
const DENIED_CODES = new Set(['EACCES', 'EPERM', 'EROFS']);
const FULL_TEXT = /No space left on device|Disk quota exceeded|There is not enough space/i;
const DENIED_TEXT = /Permission denied|Read-only file system|Operation not permitted/i;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Names what went wrong with the disk, by error code or, for DuckDB, which has none, by its text.
 * @returns `DISK_FULL` or `NO_PERMISSION` (both retryable: a person can mend them), or null for anything else.
 */
export function storageError(error: unknown, path: string): AppError | null {
  if (error instanceof AppError) return error.code === 'DISK_FULL' || error.code === 'NO_PERMISSION' ? error : null;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const options = { retryable: true, cause: error };
  if (FULL_CODES.has(code) || FULL_TEXT.test(text)) {
    return new AppError('DISK_FULL', `The disk that holds ${path} is full: free some space there.`, options);
  }
  if (DENIED_CODES.has(code) || DENIED_TEXT.test(text)) {
    return new AppError(
      'NO_PERMISSION',
      `No permission to write in ${path}: give this user the right to, or set DATA_DIR to another folder.`,
      options,
    );
  }
  return null;
}
