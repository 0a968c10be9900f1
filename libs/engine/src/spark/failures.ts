import { AppError } from '@analytica/domain';
import { isLivyError, type LivyError } from '@analytica/livy';
import { TemplateReplyError } from '@analytica/spark-templates';

export function cancelled(): AppError {
  return new AppError('CANCELLED', 'The analysis was cancelled.');
}

/** Any failure of a run as the error that the port promises. */
export function failureOf(error: unknown, signal: AbortSignal): AppError {
  if (signal.aborted) return cancelled();
  if (error instanceof AppError) return error;
  if (isLivyError(error)) return fromLivy(error);
  if (error instanceof TemplateReplyError && error.file !== null) {
    return new AppError('ENGINE_FAILED', `The file ${error.file} of the lake ${error.problem ?? 'cannot be read'}.`, {
      cause: error,
      details: { file: error.file },
    });
  }
  return new AppError('ENGINE_FAILED', 'The analysis engine failed unexpectedly.', { cause: error });
}

function fromLivy(error: LivyError): AppError {
  const again = { retryable: true, cause: error };
  switch (error.code) {
    case 'ACQUIRE_TIMEOUT':
    case 'POOL_SATURATED':
      return new AppError('ENGINE_FAILED', 'All sessions of the cluster are busy: try again in a moment.', again);
    case 'TIMEOUT':
      return new AppError(
        'ENGINE_FAILED',
        'The cluster took too long: ask for a shorter interval, or try again later.',
        again,
      );
    case 'NETWORK':
    case 'CIRCUIT_OPEN':
    case 'SESSION_START_FAILED':
    case 'TOO_MANY_CREATING':
    case 'POOL_CLOSED':
      return new AppError('ENGINE_FAILED', 'The cluster cannot be reached: try again in a moment.', again);
    default:
      return error.sessionLost
        ? new AppError('ENGINE_FAILED', 'The analysis lost its session on the cluster twice: try again.', again)
        : new AppError('ENGINE_FAILED', 'The analysis engine failed unexpectedly.', { cause: error });
  }
}
