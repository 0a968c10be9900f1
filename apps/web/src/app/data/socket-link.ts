import type { ApolloLink } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';

/** The socket does not retry: `resume-events.ts` continues a broken subscription where it was. */
export function createSocketLink(): ApolloLink {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return new GraphQLWsLink(
    createClient({ url: url.href, retryAttempts: 0, lazy: true, lazyCloseTimeout: 3_000, keepAlive: 12_000 }),
  );
}
