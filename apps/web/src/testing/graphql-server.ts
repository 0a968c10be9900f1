import type { Provider } from '@angular/core';
import { ApolloLink, Observable } from '@apollo/client';
import { provideGraphql } from '../app/data/apollo';

/** An operation that the code under test sent, in the order of sending. */
export interface SentOperation {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** False after the answer, or after the client unsubscribed. */
  isOpen(): boolean;
  /** Sends data; a subscription stays open. */
  next(data: object): void;
  /** Sends data and ends. */
  answer(data: object): void;
  fail(error: Error): void;
}

/** The far end of Apollo's link in a test. The client before it is the real one. */
export class GraphqlServer {
  readonly sent: SentOperation[] = [];
  readonly #data: Readonly<Record<string, object>>;

  /** @param data what operations of these names are answered with at once; all others wait for the test. */
  constructor(data: Readonly<Record<string, object>> = {}) {
    this.#data = data;
  }

  provide(): Provider {
    return provideGraphql(new ApolloLink((operation) => this.#receive(operation)));
  }

  /** The operations of a name, oldest first. */
  all(name: string): SentOperation[] {
    return this.sent.filter((operation) => operation.name === name);
  }

  /** The newest operation of a name. */
  last(name: string): SentOperation {
    const operation = this.all(name).at(-1);
    if (!operation) throw new Error(`${name} was not sent; sent were: ${this.sent.map((o) => o.name).join(', ')}`);
    return operation;
  }

  /** Names of the operations that a client waits for. */
  open(): string[] {
    return this.sent.filter((operation) => operation.isOpen()).map((operation) => operation.name);
  }

  #receive(operation: ApolloLink.Operation): Observable<ApolloLink.Result> {
    return new Observable((subscriber) => {
      let open = true;
      this.sent.push({
        name: operation.operationName ?? '',
        variables: operation.variables,
        isOpen: () => open,
        next: (data) => {
          subscriber.next({ data: data as Record<string, unknown> });
        },
        answer: (data) => {
          subscriber.next({ data: data as Record<string, unknown> });
          subscriber.complete();
        },
        fail: (error) => {
          subscriber.error(error);
        },
      });
      const data = this.#data[operation.operationName ?? ''];
      if (data) this.sent.at(-1)?.answer(data);
      return () => {
        open = false;
      };
    });
  }
}

/** Lets promises and effects that are due run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve));
}
