import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventOfLine } from '../../apps/ingestor/test/doubles/jetstream-event.ts';
import { JetstreamDouble } from '../../apps/ingestor/test/doubles/jetstream.ts';
import { postsOfFiles } from '../../apps/ingestor/test/doubles/x-api-posts.ts';
import { startXApi } from '../../apps/ingestor/test/doubles/x-api.ts';
import { ROOT } from '../../scripts/start/root.ts';
import { withStack } from '../../scripts/test/stack.ts';

// The truth check of live capture: files are served by a double of the platform, captured by the product, and counted apart.
const USAGE = `node tools/truth/live.ts v1|v2|x FILE...
  v1, v2   Jetstream events of Bluesky, served by Jetstream v1 or v2
  x        pages and stream lines of X v2, served as the filtered stream`;
const KINDS = ['v1', 'v2', 'x'] as const;
type Kind = (typeof KINDS)[number];
/** What a source asks Jetstream for. */
const WANTED = new Set(['app.bsky.feed.post', 'app.bsky.feed.repost']);
const WAIT_MS = 300_000;

interface Server {
  /** Options of the start that make the product capture from it. */
  readonly args: readonly string[];
  readonly isConnected: () => boolean;
  /** Gives all of the files. @returns the lines that the product got, as files would hold them. */
  readonly give: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

async function jetstream(protocol: 'v1' | 'v2', files: readonly string[]): Promise<Server> {
  const double = await JetstreamDouble.start();
  const lines = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n').split('\n');
  const events = lines.flatMap((line) => {
    const event = line === '' ? null : eventOfLine(line);
    return event === null ? [] : [{ event, line }];
  });
  return {
    args: ['--ingest-sources', 'bluesky', '--bluesky-jetstream-url', double[protocol], '--bluesky-handles', 'off'],
    isConnected: () => double.connections > 0,
    give: () => {
      for (const { event, line } of events) double.publishLine(event, Buffer.from(line));
      const isWanted = ({ content }: (typeof events)[number]['event']): boolean =>
        content.kind !== 'commit' || WANTED.has(content.collection);
      return Promise.resolve(events.filter(({ event }) => isWanted(event)).map(({ line }) => line));
    },
    close: () => double.close(),
  };
}

async function x(files: readonly string[]): Promise<Server> {
  const posts = postsOfFiles(files);
  let isGiving = false;
  let isOver = false;
  const double = await startXApi({
    perSecond: 500,
    posts: (now) => {
      const post = isGiving ? posts(now) : null;
      isOver = isGiving && post === null;
      return post;
    },
  });
  process.env['X_BEARER_TOKEN'] = double.token;
  return {
    args: ['--ingest-sources', 'x-filtered', '--x-api-url', double.url],
    isConnected: () => double.open() > 0,
    give: async () => {
      isGiving = true;
      await until('the double has given all', () => isOver);
      return double.sent.map((line) => line.toString());
    },
    close: () => double.close(),
  };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`After ${String(WAIT_MS / 1000)} s it is not so that ${what}.`);
    await sleep(200);
  }
}

async function received(url: string): Promise<number> {
  const body = JSON.stringify({ query: '{ capture { accounting { received pending } } }' });
  const answer = await fetch(new URL('/graphql', url), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  const { data } = (await answer.json()) as {
    data?: { capture: { accounting: { received: number; pending: number } } };
  };
  return data === undefined ? 0 : data.capture.accounting.received - data.capture.accounting.pending;
}

async function check(kind: Kind, files: readonly string[]): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'truth-live-'));
  const server = kind === 'x' ? await x(files) : await jetstream(kind, files);
  try {
    const start = [...server.args, '--no-build', '--lake-flush-seconds', '1'];
    return await withStack(start, 'ready', async (url) => {
      await until('the product has connected', server.isConnected);
      const lines = await server.give();
      await until('all of it is in the lake', async () => (await received(url)) >= lines.length);
      const file = join(scratch, 'given.jsonl');
      await writeFile(file, lines.map((line) => `${line}\n`).join(''));
      const truth = spawn('python3', ['tools/truth/truth.py', file, '--base-url', url], { cwd: ROOT, stdio: 'inherit' });
      const [code] = (await once(truth, 'exit')) as [number | null];
      return code ?? 1;
    });
  } finally {
    await server.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const [name, ...files] = positionals;
const kind = KINDS.find((each) => each === name);
if (values.help === true || kind === undefined || files.length === 0) {
  console.log(USAGE);
  process.exitCode = values.help === true ? 0 : 2;
} else process.exitCode = await check(kind, files);
