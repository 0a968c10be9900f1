import { AppError } from '@analytica/domain';
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { formatGraphqlError } from './errors.js';

const log = pino({ level: 'silent' });

function tell(error: GraphQLError): unknown {
  return formatGraphqlError(error.toJSON(), error, log);
}

describe('formatGraphqlError', () => {
  it('tells an expected failure whole', () => {
    const cause = new AppError('NOT_FOUND', 'There is none.', { details: { field: 'id' } });
    expect(tell(new GraphQLError('x', { originalError: cause, path: ['analysis'] }))).toEqual({
      message: 'There is none.',
      path: ['analysis'],
      extensions: { code: 'NOT_FOUND', retryable: false, field: 'id' },
    });
  });

  it('tells nothing of an unexpected one', () => {
    const cause = new Error('connect /home/secret/redis.sock');
    const told = tell(new GraphQLError(cause.message, { originalError: cause }));
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(told).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  });

  it.each(['DISK_FULL', 'NO_PERMISSION', 'LAKE_CORRUPT'] as const)('tells of %s without folders', (code) => {
    const cause = new AppError(code, 'The disk that holds /srv/secret is full.');
    const told = tell(new GraphQLError(cause.message, { originalError: cause }));
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(told).toMatchObject({ message: expect.stringMatching(/^The .*\.$/) as string, extensions: { code } });
  });

  it('tells what is wrong with a document', () => {
    const error = new GraphQLError('Too deep.', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit: 'QUERY_TOO_DEEP' },
    });
    expect(tell(error)).toMatchObject({ message: 'Too deep.', extensions: { code: 'QUERY_TOO_DEEP' } });
  });
});
