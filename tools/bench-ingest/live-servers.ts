// The servers that the live bench captures from, and the least that a client of each has to do.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const DOUBLES = join(import.meta.dirname, '../../apps/ingestor/test/doubles');
const PORT = 36_411;
const TOKEN = 'bench';
/** Posts a second that no server gives here. */
export const AS_FAST_AS_IT_CAN = 1_000_000;

interface LiveServer {
  readonly program: string;
  readonly args: readonly string[];
  /** How the ingestor is pointed at it. */
  readonly env: Readonly<Record<string, string>>;
  /** Hands each record to `take` until it says that this was the last one. */
  readonly read: (take: (record: string) => boolean) => Promise<void>;
}

export const LIVE_SERVERS = {
  v1: jetstream('/subscribe'),
  v2: jetstream('/xrpc/network.bsky.jetstream.subscribeEvents'),
  x: x(),
};
export type LiveSource = keyof typeof LIVE_SERVERS;

export function isLiveSource(name: string): name is LiveSource {
  return Object.hasOwn(LIVE_SERVERS, name);
}

/** More are made while they are given: they would take much memory. */
const MOST_AHEAD = 500_000;

/** Starts the server: it gives so many posts, from when somebody has connected; those that come as fast as it can are made before. */
export function startServer({ program, args }: LiveServer, posts: number, rate: number): ChildProcess {
  const own = ['--port', String(PORT), '--rate', String(rate), '--count', String(posts)];
  if (rate >= AS_FAST_AS_IT_CAN && posts <= MOST_AHEAD) own.push('--ahead');
  return spawn(process.execPath, [join(DOUBLES, program), ...own, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function jetstream(path: string): LiveServer {
  const url = `ws://127.0.0.1:${String(PORT)}${path}`;
  return {
    program: 'jetstream-main.ts',
    args: ['--only-posts', '--wait', '--quiet'],
    env: { INGEST_SOURCES: 'bluesky', BLUESKY_JETSTREAM_URL: url, BLUESKY_HANDLES: 'off' },
    read: async (take) => {
      const socket = new WebSocket(url, path === '/subscribe' ? [] : ['xrpc.v1.json']);
      await new Promise<void>((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error('no connection')));
        socket.addEventListener('message', ({ data }) => {
          if (take(String(data))) resolve();
        });
      });
      socket.close();
    },
  };
}

function x(): LiveServer {
  const url = `http://127.0.0.1:${String(PORT)}`;
  return {
    program: 'x-api-main.ts',
    args: ['--token', TOKEN],
    env: { INGEST_SOURCES: 'x-filtered', X_API_URL: url, X_BEARER_TOKEN: TOKEN },
    read: async (take) => {
      const response = await fetch(`${url}/2/tweets/search/stream`, { headers: { authorization: `Bearer ${TOKEN}` } });
      if (response.body === null) throw new Error('no connection');
      let rest = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + chunk).split('\r\n');
        rest = lines.pop() ?? '';
        if (lines.some((line) => line !== '' && take(line))) return;
      }
    },
  };
}

/**
 * The least that any JavaScript client must do to bring what the server gives safely to disk: JSON.parse, JSON.stringify, one fsync.
 * @returns posts a second, from the first record to the last.
 */
export async function clientAlone(server: LiveServer, posts: number, target: string): Promise<number> {
  const child = startServer(server, posts, AS_FAST_AS_IT_CAN);
  const out = openSync(target, 'w');
  try {
    let [count, began] = [0, 0];
    let chunk: string[] = [];
    const take = (record: string): boolean => {
      if (count === 0) began = performance.now();
      chunk.push(JSON.stringify(JSON.parse(record)) + '\n');
      count += 1;
      if (chunk.length === 500 || count >= posts) {
        writeSync(out, chunk.join(''));
        chunk = [];
      }
      return count >= posts;
    };
    while (count === 0) await server.read(take).catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
    fsyncSync(out);
    return (1000 * count) / (performance.now() - began);
  } finally {
    closeSync(out);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}
