import { AppError } from '@analytica/domain';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Log } from '../log.js';
import { isPrivate, publicMessage } from '../runs/public-message.js';

/** Codes of GraphQL itself whose messages are about the document: a client may read them. */
const PUBLIC_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'INTROSPECTION_DISABLED',
  'QUERY_TOO_DEEP',
  'QUERY_TOO_COSTLY',
]);

/**
 * An error as a client reads it. An AppError keeps its code, its sentence and its details. An error of GraphQL itself keeps its
 * message where that is about the document. Every other error is one fixed sentence, and the log has the rest.
 */
export function formatGraphqlError(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const place = {
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
  };
  const cause = rootCause(error);
  if (cause instanceof AppError) {
    if (cause.code === 'QUEUE_UNAVAILABLE') log.warn({ reason: String(cause.cause) }, 'a request failed: no queue');
    if (isPrivate(cause)) log.error({ err: cause }, 'a request failed');
    const { code, retryable, details } = cause;
    return { message: publicMessage(cause), ...place, extensions: { code, retryable, ...details } };
  }
  // Servers give every validation error the same code; a limit has its own beside it.
  const code = formatted.extensions?.['limit'] ?? formatted.extensions?.['code'];
  const aboutDocument = typeof code === 'string' && PUBLIC_CODES.has(code);
  if (aboutDocument || (error instanceof GraphQLError && error.originalError === undefined && code === undefined)) {
    return { message: formatted.message, ...place, extensions: { code: code ?? 'BAD_USER_INPUT' } };
  }
  log.error({ err: cause }, 'a request failed');
  return {
    message: 'Something went wrong on our side. The log says what.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

function rootCause(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; depth < 10 && cause instanceof GraphQLError && cause.originalError !== undefined; depth++) {
    cause = cause.originalError;
  }
  return cause;
}
