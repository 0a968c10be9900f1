import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HttpModule } from './http-module.js';
import type { Config } from '../config.js';
import { GRAPHQL_PATH } from '../graphql/graphql-options.js';
import { SocketCount } from '../graphql/socket-count.js';
import { SubscriptionsServer } from '../graphql/subscriptions-server.js';
import { nestLogger, type Log } from '../log.js';
import { refuseMisdirected } from './loopback.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RequestErrorFilter } from './request-error-filter.js';
import { DashboardAssets } from './dashboard-assets.js';
import { serveDashboard } from './dashboard-routes.js';

/** A topic has at most 1,024 characters: a larger body is not a question. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Node's default of 511 makes a thousand new connections wait for seconds. */
const BACKLOG = 4_096;
const REDIS_WAIT_MS = 3_000;

export interface HttpServer {
  readonly app: NestFastifyApplication;
  /** With the port that the server listens on. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the HTTP process and listens. Redis may come later: what needs it answers QUEUE_UNAVAILABLE until then. */
export async function startHttp(config: Config, log: Log, redisWaitMs = REDIS_WAIT_MS): Promise<HttpServer> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 256 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(HttpModule.of(config, log), adapter, {
    logger: nestLogger(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new RequestErrorFilter(log));
  const http = adapter.getInstance();
  const web = app.get(DashboardAssets);
  refuseMisdirected(http, config.http.host);
  serveDashboard(http, web);
  await app.init();
  const server = app.getHttpServer();
  const { schema } = app.get(GraphQLSchemaHost);
  await web.available();
  await app.get(RedisConnections).waitUntilReady(redisWaitMs);
  try {
    await http.listen({ host: config.http.host, port: config.http.port, backlog: BACKLOG });
  } catch (error) {
    await app.close();
    throw error;
  }
  // Only after `listen`: a WebSocket server prints the errors of the HTTP server below it.
  const sockets = new SubscriptionsServer(server, GRAPHQL_PATH, schema, config.http, log);
  app.get(SocketCount).read = () => sockets.socketCount;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.http.port;
  return {
    app,
    url: `http://${config.http.host.includes(':') ? `[${config.http.host}]` : config.http.host}:${port}`,
    async close() {
      await sockets.close();
      await app.close();
    },
  };
}
