import { isRealDate } from '@analytica/domain';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** Instants are epoch milliseconds inside and ISO 8601 UTC outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'An instant in UTC: ISO 8601 with milliseconds',
  serialize(value) {
    if (typeof value === 'number') return new Date(value).toISOString();
    if (typeof value === 'string') return new Date(value).toISOString();
    throw new GraphQLError('A DateTime must be epoch milliseconds or ISO 8601.');
  },
  parseValue: parseInstant,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw badInstant();
    return parseInstant(node.value);
  },
});

function parseInstant(value: unknown): number {
  if (typeof value !== 'string' || !isRealDate(value)) throw badInstant();
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw badInstant();
  return time;
}

function badInstant(): GraphQLError {
  return new GraphQLError('A DateTime is an ISO 8601 instant with a zone, such as 2026-01-31T18:00:00Z.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
