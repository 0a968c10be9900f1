import type { IncomingMessage, Server } from 'node:http';
import {
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ValidationRule,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import { acceptsHost, isLoopback, MISDIRECTED } from '../http/loopback.js';
import { formatGraphqlError } from './errors.js';
import { documentLimits, MAX_TOKENS } from './limits.js';

const MAX_PAYLOAD_BYTES = 256 * 1024;
const MAX_SOCKETS = 5_000;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 32;

type Decide = (allowed: boolean, code?: number, message?: string) => void;

/** GraphQL over WebSocket (graphql-ws) beside the HTTP endpoint, with the same limits and the same masking of errors. */
export class SubscriptionsServer {
  readonly #sockets: WebSocketServer;
  readonly #dispose: () => Promise<void>;

  constructor(http: Server, path: string, schema: GraphQLSchema, settings: Config['http'], log: Log) {
    const rules: ValidationRule[] = [...specifiedRules, documentLimits];
    if (!settings.introspection) rules.push(NoSchemaIntrospectionCustomRule);
    this.#sockets = new WebSocketServer({
      server: http,
      path,
      maxPayload: MAX_PAYLOAD_BYTES,
      verifyClient: ({ req }: { req: IncomingMessage }, decide: Decide) => {
        if (!acceptsHost(settings.host, req.headers.host)) decide(false, 421, MISDIRECTED);
        else if (!isSameSite(req)) decide(false, 403, 'Only pages of this server may open a socket to it.');
        else if (this.#sockets.clients.size >= MAX_SOCKETS)
          decide(false, 503, 'This server holds all the sockets that it can.');
        else decide(true);
      },
    });
    // graphql-ws listens for a socket's first error only; a second one without a listener would end the process.
    this.#sockets.on('connection', (socket) => {
      socket.on('error', (error) => {
        log.debug({ err: error }, 'a socket failed');
      });
    });
    const format = (errors: readonly GraphQLError[]) =>
      errors.map((error) => formatGraphqlError(error.toJSON(), error, log));
    const server = useServer(
      {
        schema,
        connectionInitWaitTimeout: 5_000,
        isProd: true,
        onSubscribe: (context, _id, payload): ExecutionArgs | readonly GraphQLError[] => {
          if (Object.keys(context.subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
            return [tooMany()];
          }
          return prepare(schema, rules, payload.query, payload.operationName, payload.variables);
        },
        onNext: (_context, _id, _payload, _args, result) =>
          result.errors === undefined ? undefined : { ...result, errors: format(result.errors) },
        onError: (_context, _id, _payload, errors) => format(errors),
      },
      this.#sockets,
    );
    this.#dispose = async () => {
      await server.dispose();
    };
  }

  get socketCount(): number {
    return this.#sockets.clients.size;
  }

  /** Closes every socket and waits until all are closed, at most a second. */
  async close(): Promise<void> {
    const slow = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
    }, 1_000);
    await this.#dispose().catch(() => undefined);
    clearTimeout(slow);
  }
}

function prepare(
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
  query: unknown,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
): ExecutionArgs | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(String(query), { maxTokens: MAX_TOKENS });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } })];
  }
  const errors = validate(schema, document, rules);
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) {
    return [new GraphQLError('There is no such operation in the document.')];
  }
  return {
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    contextValue: {},
  };
}

function tooMany(): GraphQLError {
  return new GraphQLError(`A socket may hold ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** Browsers let any page open a WebSocket to any host and say which page it was: only our own pages may. */
function isSameSite(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true; // not a browser
  try {
    const from = new URL(origin);
    return from.host === host || (isLoopback(from.hostname) && isLoopback((host ?? '').replace(/:\d+$/, '')));
  } catch {
    return false;
  }
}
