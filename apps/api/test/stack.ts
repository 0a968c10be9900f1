import { createServer } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { AnalysisEngine } from '@analytica/engine';
import { createClient, type Client } from 'graphql-ws';
import { Redis } from 'ioredis';
import WebSocket from 'ws';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerTiming } from '../src/worker/worker-timing.js';
import type { GivenEngines } from '../src/worker/analysis-worker.js';
import { type RunningWorker, startWorker } from '../src/worker/start-worker.js';
import { readConfig, type Config } from '../src/config.js';
import { openEngine } from '../src/worker/embedded-engine.js';
import { startHttp, type HttpServer } from '../src/http/http-server.js';
import { createLog } from '../src/log.js';

/** The Redis that integration tests use. */
export function testRedisUrl(): string {
  const url = process.env['TEST_REDIS_URL'];
  if (url === undefined || url === '') throw new Error('TEST_REDIS_URL must name a Redis for the integration tests.');
  return url;
}

/** Workers that are missed sooner than usual, so that tests of it need not wait. */
export const TEST_TIMING: WorkerTiming = { lockDuration: 3_000, stalledInterval: 1_000, maxStalledCount: 5 };

export function testEnv(dataDir: string, extra: Record<string, string> = {}): Record<string, string> {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    REDIS_URL: testRedisUrl(),
    REDIS_PREFIX: `test-${randomBytes(6).toString('hex')}:`,
    DUCKDB_MEMORY_LIMIT: '512MB',
    DUCKDB_THREADS: '1',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...extra,
  };
}

export interface GraphqlAnswer {
  readonly status: number;
  /** What stands at a path of the answer's data, such as `analysis.result.posts`. */
  readonly data: (path: string) => unknown;
  readonly errors: readonly { message: string; extensions: { code: string } }[];
}

export interface SeenEvent {
  readonly seq: number;
  readonly analysis: {
    readonly status: string;
    readonly progress: { readonly partitionsDone: number; readonly partitionsTotal: number } | null;
    readonly result: { readonly complete: boolean; readonly posts: number; readonly hash: string | null } | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  };
}

export const EVENTS = `subscription ($id: ID!, $afterSeq: Int!) { analysisEvents(id: $id, afterSeq: $afterSeq) {
  seq analysis { status progress { partitionsDone partitionsTotal } result { complete posts hash } error { code message } } } }`;

/** A running API with a worker, over real HTTP, WebSockets, Redis and Parquet. */
export class Stack {
  private constructor(
    readonly config: Config,
    readonly http: HttpServer,
    readonly workers: RunningWorker[],
  ) {}

  static async start(env: Record<string, string>, options: { worker?: boolean; paceMs?: number } = {}): Promise<Stack> {
    const config = readConfig(env);
    const http = await startHttp(config, createLog('api', config.logLevel));
    const stack = new Stack(config, http, []);
    if (options.worker !== false) await stack.addWorker(options.paceMs ?? 0);
    return stack;
  }

  async addWorker(paceMs = 0, engines: GivenEngines = {}): Promise<RunningWorker> {
    const embedded = await pacedEngine(this.config, paceMs);
    const log = createLog('worker', this.config.logLevel);
    const worker = await startWorker(this.config, log, { embedded, ...engines }, TEST_TIMING);
    this.workers.push(worker);
    return worker;
  }

  async ask(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> {
    const response = await fetch(`${this.http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as { data?: unknown; errors?: GraphqlAnswer['errors'] };
    return { status: response.status, data: (path) => at(body.data, path), errors: body.errors ?? [] };
  }

  /** Starts an analysis and returns its id. */
  async begin(topic: string, more = ''): Promise<string> {
    const answer = await this.ask(
      `mutation ($topic: String!) { startAnalysis(input: { topic: $topic, interval: { preset: LAST_24_HOURS } ${more} }) {
        analysis { id } userErrors { code message } } }`,
      { topic },
    );
    const id = answer.data('startAnalysis.analysis.id');
    if (typeof id !== 'string') throw new Error(JSON.stringify(answer));
    return id;
  }

  async status(id: string): Promise<string> {
    const answer = await this.ask('query ($id: ID!) { analysis(id: $id) { status } }', { id });
    const status = answer.data('analysis.status');
    return typeof status === 'string' ? status : (answer.errors[0]?.extensions.code ?? 'nothing');
  }

  /** Every event of an analysis after `afterSeq`, until it ends or `stop` says so. */
  async events(id: string, afterSeq = 0, stop: (event: SeenEvent) => boolean = () => false): Promise<SeenEvent[]> {
    const client = this.client();
    const seen: SeenEvent[] = [];
    try {
      const events = client.iterate<{ analysisEvents: SeenEvent }>({ query: EVENTS, variables: { id, afterSeq } });
      for await (const { data, errors } of events) {
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        if (data === null || data === undefined) continue;
        seen.push(data.analysisEvents);
        if (stop(data.analysisEvents)) break;
      }
    } finally {
      await client.dispose();
    }
    return seen;
  }

  client(): Client {
    return createClient({
      url: `${this.http.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: true,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await this.http.close();
    if (this.config.redis.address.type === 'cluster') return; // its servers go with the test
    const redis = new Redis(this.config.redis.address.url);
    const keys = await redis.keys(`${this.config.redis.prefix}*`);
    if (keys.length > 0) await redis.del(...keys);
    redis.disconnect();
  }
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

/** The real engine, slowed by its reader: every report takes so long to be taken. */
export async function pacedEngine(config: Config, paceMs: number): Promise<AnalysisEngine> {
  if (paceMs === 0) return openEngine(config);
  return slowedEngine(config, (signal) => sleep(paceMs, undefined, { signal }).catch(() => undefined));
}

/** The real engine, which reads on only once the gate opens: held at the start of its work, or after its first partial result. */
export async function heldEngine(
  config: Config,
  gate: Promise<unknown>,
  at: 'start' | 'partial',
): Promise<AnalysisEngine> {
  const end = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  return slowedEngine(config, async (signal, partials) => {
    if (at === 'start' || partials > 0) await Promise.race([gate, end(signal)]);
  });
}

async function slowedEngine(
  config: Config,
  wait: (signal: AbortSignal, partials: number) => Promise<unknown>,
): Promise<AnalysisEngine> {
  const engine = await openEngine(config);
  return {
    name: engine.name,
    run: (spec, snapshot, sink, signal) => {
      let partials = 0;
      return engine.run(
        spec,
        snapshot,
        {
          progress: async (progress) => {
            await wait(signal, partials);
            await sink.progress(progress);
          },
          partial: async (result) => {
            await sink.partial(result);
            partials += 1;
          },
        },
        signal,
      );
    },
    posts: (spec, snapshot, page, signal) => engine.posts(spec, snapshot, page, signal),
    close: () => engine.close(),
  };
}

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    // Not one of those for outgoing connections: whoever tries to reach a server that is away could be given its very port.
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => {
        resolve(false);
      });
      server.listen(port, '127.0.0.1', () => {
        resolve(true);
      });
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
  throw new Error('no port');
}

/** Whether somebody listens to a channel. */
export async function heardBy(redis: Redis, channel: string): Promise<boolean> {
  const [, listeners] = await redis.pubsub('NUMSUB', channel);
  return Number(listeners) > 0;
}

/** Waits until a condition holds. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, ms = 60_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${String(ms)} ms: ${what}`);
    await sleep(25);
  }
}
