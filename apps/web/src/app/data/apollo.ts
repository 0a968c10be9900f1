import type { Provider } from '@angular/core';
import { ApolloLink, Observable } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { provideApollo } from 'apollo-angular';
import { OperationTypeNode } from 'graphql';
import { NoCache } from './no-cache';

/** Subscriptions go over a web socket, whose code is loaded with the first of them. */
function socketLink(): ApolloLink {
  const link = import('./socket-link').then((module) => module.createSocketLink());
  return new ApolloLink(
    (operation, forward) =>
      new Observable((observer) => {
        let closed = false;
        let stop = (): void => {
          closed = true;
        };
        link.then(
          (socket) => {
            if (closed) return;
            const subscription = socket.request(operation, forward).subscribe(observer);
            stop = () => {
              subscription.unsubscribe();
            };
          },
          (error: unknown) => {
            observer.error(error);
          },
        );
        return () => {
          stop();
        };
      }),
  );
}

function lazy(create: () => ApolloLink): ApolloLink {
  let link: ApolloLink | null = null;
  return new ApolloLink((operation, forward) => (link ??= create()).request(operation, forward));
}

/** Subscriptions over a web socket, all else over HTTP. */
function serverLink(): ApolloLink {
  return ApolloLink.split(
    (operation) => operation.operationType === OperationTypeNode.SUBSCRIPTION,
    lazy(socketLink),
    new HttpLink({ uri: '/graphql' }),
  );
}

/**
 * The GraphQL client of the application: without a cache, because what is shown is in signals.
 * @param link by default to the server that served this page.
 */
export function provideGraphql(link: ApolloLink = serverLink()): Provider {
  return provideApollo(() => ({
    cache: new NoCache(),
    link,
    defaultOptions: {
      query: { fetchPolicy: 'no-cache' },
      mutate: { fetchPolicy: 'no-cache' },
    },
  }));
}
